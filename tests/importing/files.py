"""Files as other programs write them, small."""

from __future__ import annotations

import io
import zipfile

MOODLE = r"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Default</text></category></question>
<question type="multichoice">
  <name><text>Capital</text></name>
  <questiontext format="html"><text><![CDATA[<p>What is the <b>capital</b> of <i>France</i>? It costs $5, \(x_1 &lt; 2\).</p><ul><li>one</li><li>two * three</li></ul><table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table><p><img src="@@PLUGINFILE@@/a.png" alt="a map"></p>]]></text><file name="a.png" encoding="base64">AAAA</file></questiontext>
  <generalfeedback format="html"><text><![CDATA[<p>Paris it is.</p>]]></text></generalfeedback>
  <defaultgrade>2.0000000</defaultgrade>
  <single>true</single>
  <shuffleanswers>true</shuffleanswers>
  <correctfeedback format="html"><text>Well done, explorer!</text></correctfeedback>
  <answer fraction="100" format="html"><text>Paris</text><feedback format="html"><text></text></feedback></answer>
  <answer fraction="33.33333" format="html"><text><![CDATA[<p>Lyon</p>]]></text><feedback format="html"><text>Only the <em>second</em> city.</text></feedback></answer>
  <answer fraction="-50" format="html"><text>Berlin</text><feedback format="html"><text></text></feedback></answer>
  <hint format="html"><text>It lies on the Seine.</text></hint>
  <tags><tag><text>Geography</text></tag></tags>
</question>
<question type="multichoice">
  <name><text>Primes</text></name>
  <questiontext format="html"><text>Which are primes?</text></questiontext>
  <single>false</single>
  <answer fraction="50"><text>2</text><feedback><text/></feedback></answer>
  <answer fraction="50"><text>3</text><feedback><text/></feedback></answer>
  <answer fraction="-50"><text>4</text><feedback><text>Two by two.</text></feedback></answer>
  <answer fraction="-50"><text>9</text><feedback><text/></feedback></answer>
</question>
<question type="truefalse">
  <name><text>Sun</text></name>
  <questiontext format="moodle_auto_format"><text>The sun rises in the east.</text></questiontext>
  <answer fraction="100"><text>true</text><feedback><text/></feedback></answer>
  <answer fraction="0"><text>false</text><feedback><text/></feedback></answer>
</question>
<question type="numerical">
  <name><text>Pi</text></name>
  <questiontext format="html"><text>Pi in metres?</text></questiontext>
  <answer fraction="100"><text>3.14</text><feedback><text/></feedback><tolerance>0.01</tolerance></answer>
  <answer fraction="50"><text>3.14</text><feedback><text/></feedback><tolerance>0.1</tolerance></answer>
  <answer fraction="0"><text>22</text><feedback format="html"><text>Divide by 7.</text></feedback><tolerance>0</tolerance></answer>
  <answer fraction="0"><text>*</text><feedback><text/></feedback><tolerance>0</tolerance></answer>
  <units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>
</question>
<question type="shortanswer">
  <name><text>Star</text></name>
  <questiontext format="plain_text"><text>Write 2*3 &lt; {{ x }}.</text></questiontext>
  <usecase>1</usecase>
  <answer fraction="100"><text>2\*3</text><feedback><text/></feedback></answer>
  <answer fraction="100"><text>six</text><feedback><text/></feedback></answer>
  <answer fraction="25"><text>about six</text><feedback><text>Exactly.</text></feedback></answer>
  <answer fraction="100"><text>*6*</text><feedback><text/></feedback></answer>
</question>
<question type="matching">
  <name><text>Animals</text></name>
  <questiontext format="html"><text>Translate.</text></questiontext>
  <subquestion format="html"><text>cat</text><answer><text>Katze</text></answer></subquestion>
  <subquestion format="html"><text><![CDATA[<p>dog</p>]]></text><answer><text>Hund</text></answer></subquestion>
  <subquestion format="html"><text></text><answer><text>Maus</text></answer></subquestion>
</question>
<question type="cloze">
  <name><text>Gaps</text></name>
  <questiontext format="html"><text><![CDATA[<p>The {1:SHORTANSWER:=cat#Meow~%50%kitten} sat on {2:MULTICHOICE:=the mat~a hat} for {1:NUMERICAL:=3:0.5~%50%4:0.5} hours.</p>]]></text></questiontext>
</question>
<question type="essay">
  <name><text>Why</text></name>
  <questiontext format="html"><text>Why?</text></questiontext>
  <graderinfo format="html"><text>Because.</text></graderinfo>
</question>
<question type="calculated"><name><text>Sum</text></name><questiontext format="html"><text>{a}+{b}</text></questiontext></question>
<question type="stack"><name><text>Maxima</text></name></question>
<question type="ddwtos"><name><text>Drag</text></name></question>
<question type="brandnew"><name><text>New</text></name></question>
<question type="multichoice"><name><text>Nothing right</text></name><questiontext format="html"><text>Q</text></questiontext><answer fraction="0"><text>a</text></answer><answer fraction="50"><text>b</text></answer></question>
<question type="description"><name><text>Read this</text></name><questiontext format="html"><text>Text</text></questiontext></question>
</quiz>
"""

GIFT = r"""// a comment
$CATEGORY: tom/dick

// question: 1 [id:cap-fr] [tag:geography]
::Capital of France::[html]<p>The <b>capital</b> of France\: \\(x^\{2\}\\)?</p>{
  =Paris
  ~Lyon#The second city
  ~%50%Lutetia#Its old name
  #### The capital is Paris.
}

Grant is {~buried =entombed ~living} in Grant's tomb.

::Sun:: The sun rises in the east.{T}

::Primes::Which are *primes*?{
~%50%2
~%50%3
~%-50%4
~%-50%9
}

::Pi::What is pi? {#3.14:0.01}

::Range::Between 1 and 5? {#1..5}

::Grant::When was Grant born? {#
=1822:0
=%50%1822:2
=%25%1900:0#Too late
}

::Short::2*3 \= ? {=6 =six =%50%about\~six}

::Match::Translate. {
=cat -> Katze
=dog -> Hund
= -> Maus
}

::Marked::[markdown]Some **bold** `code` and \{\{ x \}\}{=yes ~no}

::Free::Say something. {}

::Heading::Just a description.

::Broken::Never { =a

::Twice::Two {=a} and {=b}
"""

CHOICE_21 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="choice" title="Unattended Luggage" adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse><value>A</value></correctResponse>
    <mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="1"/></mapping>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="2"/>
  <itemBody>
    <p>Look at the text in the <em>picture</em>.</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
      <prompt>What does it <strong>say</strong>?</prompt>
      <simpleChoice identifier="A">You must stay.<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">Yes.</feedbackInline></simpleChoice>
      <simpleChoice identifier="B">Do not let <math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math> go.</simpleChoice>
      <simpleChoice identifier="C">It is unattended.</simpleChoice>
    </choiceInteraction>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>
</assessmentItem>"""

SEVERAL_30 = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="several" title="Water" time-dependent="false" xml:lang="en-GB">
  <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
    <qti-correct-response><qti-value>H</qti-value><qti-value>O</qti-value></qti-correct-response>
    <qti-mapping lower-bound="0" upper-bound="2" default-value="-1">
      <qti-map-entry map-key="H" mapped-value="1"/><qti-map-entry map-key="O" mapped-value="1"/><qti-map-entry map-key="Cl" mapped-value="-1"/>
    </qti-mapping>
  </qti-response-declaration>
  <qti-item-body>
    <qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="0">
      <qti-prompt>Which of the following elements form water?</qti-prompt>
      <qti-simple-choice identifier="H">Hydrogen</qti-simple-choice>
      <qti-simple-choice identifier="He">Helium</qti-simple-choice>
      <qti-simple-choice identifier="O">Oxygen</qti-simple-choice>
      <qti-simple-choice identifier="Cl">Chlorine</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response"/>
</qti-assessment-item>"""

NUMBER_30 = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="number" title="Pi">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="float">
    <qti-correct-response><qti-value>3.14</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body><p>Pi is about <qti-text-entry-interaction response-identifier="RESPONSE"/>.</p></qti-item-body>
  <qti-response-processing><qti-response-condition><qti-response-if>
    <qti-and><qti-gte><qti-variable identifier="RESPONSE"/><qti-base-value base-type="float">3.13</qti-base-value></qti-gte>
    <qti-lte><qti-variable identifier="RESPONSE"/><qti-base-value base-type="float">3.15</qti-base-value></qti-lte></qti-and>
    <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
  </qti-response-if></qti-response-condition></qti-response-processing>
</qti-assessment-item>"""

TEXT_21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="text" title="Richard III">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string">
    <correctResponse><value>York</value></correctResponse>
    <mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1" caseSensitive="false"/><mapEntry mapKey="york city" mappedValue="0.5" caseSensitive="false"/></mapping>
  </responseDeclaration>
  <itemBody><p>Made glorious summer by this sun of <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/>; and all the clouds.</p></itemBody>
</assessmentItem>"""

MATCH_21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="match" title="Plays">
  <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair">
    <correctResponse><value>C R</value><value>D M</value></correctResponse>
  </responseDeclaration>
  <itemBody><matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2"><prompt>Match characters and plays.</prompt>
    <simpleMatchSet><simpleAssociableChoice identifier="C" matchMax="1">Capulet</simpleAssociableChoice><simpleAssociableChoice identifier="D" matchMax="1">Demetrius</simpleAssociableChoice></simpleMatchSet>
    <simpleMatchSet><simpleAssociableChoice identifier="M" matchMax="4">A Midsummer-Night's Dream</simpleAssociableChoice><simpleAssociableChoice identifier="R" matchMax="4">Romeo and Juliet</simpleAssociableChoice><simpleAssociableChoice identifier="T" matchMax="4">The Tempest</simpleAssociableChoice></simpleMatchSet>
  </matchInteraction></itemBody>
</assessmentItem>"""

TRUE_21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="truth" title="Sun">
  <responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>F</value></correctResponse></responseDeclaration>
  <itemBody><p>The sun rises in the west.</p><choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="T">True</simpleChoice><simpleChoice identifier="F">False</simpleChoice></choiceInteraction></itemBody>
</assessmentItem>"""

HOTSPOT_21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="spot" title="Airports">
  <responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>
  <itemBody><hotspotInteraction responseIdentifier="R" maxChoices="1"><object data="uk.png" type="image/png"/><hotspotChoice identifier="A" shape="circle" coords="77,115,8"/></hotspotInteraction></itemBody>
</assessmentItem>"""

EQUAL_21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="equal" title="Pi">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="float"><correctResponse><value>3.14</value></correctResponse></responseDeclaration>
  <itemBody><p>Pi? <textEntryInteraction responseIdentifier="RESPONSE"/></p></itemBody>
  <responseProcessing><responseCondition><responseIf>
    <equal toleranceMode="{mode}" tolerance="{tolerance}"><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal>
    <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
  </responseIf></responseCondition></responseProcessing>
</assessmentItem>"""

ITEMS = {
    "choice.xml": CHOICE_21,
    "several.xml": SEVERAL_30,
    "number.xml": NUMBER_30,
    "text.xml": TEXT_21,
    "match.xml": MATCH_21,
    "truth.xml": TRUE_21,
    "spot.xml": HOTSPOT_21,
}

MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
    + "".join(
        f'<resource identifier="{name}" type="imsqti_item_xmlv2p1" href="items/{name}"><file href="items/{name}"/></resource>'
        for name in ITEMS
    )
    + "</resources></manifest>"
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def package() -> bytes:
    """A package of all items."""
    return zipped({"imsmanifest.xml": MANIFEST} | {f"items/{name}": text for name, text in ITEMS.items()})
