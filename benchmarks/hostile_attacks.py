"""More answers that are made to break a judge, found by attacking it: by what they attack, for each kind of key.

Texts are made by arithmetic of strings only.
"""

from __future__ import annotations


def _tower(inner: str, step: str, count: int) -> str:
    for _ in range(count):
        inner = step.replace("#", inner)
    return inner


COMMON: tuple[tuple[str, str], ...] = (
    ("powers in exponents of powers", _tower("p_2", "(1 + p_6)^(#)", 15)),
    ("logs and exps in turn", _tower("p_2 + p_6", "log(1 + exp(#))", 9)),
    ("softplus sums", " + ".join(f"log(1 + exp({k}*p_2 - p_6))" for k in range(1, 40))),
    ("tower through frac", _tower("p_2", r"\frac{p_6 + #}{1 + #^2}", 6)),
    ("tower through frac deep", _tower("p_2", r"\frac{p_6}{1 + #}", 30)),
    ("nth roots in nth roots", _tower("p_2", r"\sqrt[7]{p_6 + #}", 15)),
    ("nth roots growing", "".join(rf"\sqrt[{k}]{{1+" for k in range(2, 20)) + "p_2" + "}" * 18),
    (
        "sum over A in sum over A",
        r"\sum_{i\in A} \sum_{j\in A} \sum_{k\in A} \sum_{l\in A} \sum_{m\in A} \log(p_i p_j + p_k p_l + p_m)",
    ),
    (
        "products over A of sums over A",
        r"\prod_{i\in A} \sum_{j\in A} \prod_{k\in A} \sum_{l\in A} (p_i + p_j p_k + p_l)",
    ),
    ("sum in the exponent", r"\exp(\sum_{i=1}^{6} \sum_{j=1}^{6} p_i^{p_j})"),
    ("product of sums, two mistakes", r"\frac{1}{2}\sum_{i\in A} p_i \cdot -\prod_{i\in A}\log p_i"),
    ("double mistakes everywhere", "-(" + "*".join(f"log_2(p_{2 if k % 2 else 6})" for k in range(20)) + ")/2"),
    ("powers of |A|", r"|A|^{|A|^{|A|^{|A|^{|A|}}}}*p_2"),
    ("abs of abs minus A", _tower("p_2", "abs(# - |A|/3)", 15)),
    ("min and max of many in one another", _tower("p_2", "max(min(#, p_6, p_2^2), min(p_6^2, p_2*p_6))", 5)),
    (
        "maximum of a hundred",
        "max(" + ", ".join(f"{k}/101*log p_2 + log(p_6)*{100 - k}/103" for k in range(1, 100)) + ")",
    ),
    (
        "maximum of equal ones",
        "max(" + ", ".join(["log(p_2) + log(p_6)", "log(p_2*p_6)", "log p_6 + log p_2"] * 30) + ")",
    ),
    ("min of exps", "min(" + ", ".join(f"exp(p_2*{k} - p_6)" for k in range(1, 40)) + ")"),
    ("min of roots", "min(" + ", ".join(f"sqrt(p_2^{k} + p_6)" for k in range(1, 30)) + ")"),
    ("long decimals in exponents", "*".join(f"p_2^0.{'7' * 50}{k}" for k in range(10, 50))),
    ("long decimals multiplied", "*".join(f"(p_2 + 0.{'3' * 55}{k})" for k in range(10, 24))),
    ("decimals to a power", "(1.{}*p_2 + 0.{}*p_6)^30".format("7" * 50, "3" * 50)),
    ("big rational exponents", "*".join(f"(p_2*p_6)^({10**9 + k}/{10**9 + k + 7})" for k in range(60))),
    ("big rational exponents of sums", "*".join(f"(p_2 + p_6)^({1000 + k}/{1001 + k * k})" for k in range(30))),
    ("big rational exponent 2", "(p_2^(1/99991) + p_6^(1/99989))^40"),
    (
        "coprime exponents of a sum",
        "p_2^(1/97)+p_2^(1/89)+p_2^(1/83)+p_2^(1/79)+p_6^(1/73)+log(p_2^(1/71)+p_6^(1/67)+1)",
    ),
    ("deep brackets of several kinds", "([{" * 12 + "log p_2" + "}])" * 12),
    ("deep left right", r"\left(\left[\left\{" * 10 + "p_2" + r"\right\}\right]\right)" * 10),
    ("mismatched brackets", "([{" * 12 + "p_2" + ")]}" * 12),
    ("bold unicode digits", "log p_2 + " + " + ".join("𝟎.𝟓·log p_𝟐" for _ in range(90))),
    ("fullwidth", "ｌｏｇ ｐ＿２ ＋ ｌｏｇ ｐ＿６ " * 60),
    ("arabic digits", "p_٢ + " * 300 + "1"),
    ("vulgar fractions", " + ".join("½ p_2 + ⅓ p_6 + ⅞" for _ in range(80))),
    ("roman numerals and ligatures", "ﬁ ﬂ Ⅻ ℓ ℘ " * 300),
    ("emoji", "👩‍👩‍👧‍👦" * 600),
    ("variation selectors", "p\ufe0f_2" * 700),
    ("tags", "log p_2" + "\U000e0041" * 3000),
    ("bidi isolates", "\u2066log p_2\u2069 + " * 200 + "p_6"),
    ("superscript tower", "p_2" + "⁽¹⁺¹⁾" * 200),
    ("superscript mixed", "p_2⁻¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵" * 80),
    ("subscript junk", "p₂₂₂₂₂₂₂₂₂₂₂₂₂₂₂₂₂₂₂" * 150),
    ("radicals", "√" * 900 + "p_2"),
    ("cube roots", "∛∜" * 300 + "p_2"),
    ("middle dots", "log p_2" + "·p_6" * 700),
    ("minus signs mix", "p_2" + "−–-" * 400 + "p_6"),
    ("infinities", "∞+" * 900 + "∞"),
    ("latex frac shorthand", r"\frac12" * 700),
    ("latex frac chain", r"\frac" * 900 + "12"),
    ("latex nested text", r"\operatorname{\mathrm{\text{" * 300 + "log" + "}}}" * 300 + " p_2"),
    ("latex overlines", r"\bar{" * 700 + "x" + "}" * 700),
    ("latex begin", r"\begin{aligned}" * 200 + "p_2" + r"\end{aligned}" * 200),
    ("latex spaces", "log p_2" + r"\,\;\!\quad~" * 300 + "+ log p_6"),
    ("latex log subscripts", " + ".join(rf"\log_{{\log_{{2}}{{{k}}}}}{{p_2}}" for k in range(3, 50))),
    ("latex choose", r"\binom{p_2}{p_6}" * 100),
    ("latex dollars mixed", "$" + r"\log p_2$ + $" * 200),
    (
        "probabilities of everything",
        " + ".join(
            rf"\log \Pr(x_{{{2 + k % 5}}}=\text{{early}}\mid\bar{{\mathbf{{x}}}}, x_{{{1 + k % 6}}}=\text{{worm}})"
            for k in range(40)
        ),
    ),
    ("joint probabilities", "log Pr(" + ", ".join(f"x_{1 + k % 6}=the" for k in range(120)) + "| xbar)"),
    ("pr in pr", "Pr(x_2=early|" * 120 + "xbar" + ")" * 120),
    ("quoted tokens", 'log Pr("' + "the " * 900 + '"|xbar)'),
    ("difference of close logs", "log(p_2 + 1e-60) + log(p_6 - 1e-60)"),
    ("close relative to key", "(log p_2 + log p_6)*(1 + 10^-200)"),
    ("closer than all digits", "log p_2 + log p_6 + 10^-2000*p_2"),
    ("closer, by powers", "log p_2 + log p_6 + p_2^4000*10^-300"),
    ("equal but hard", "log((p_2*p_6)^(1/3)*(p_2*p_6)^(1/5)*(p_2*p_6)^(7/15))"),
    (
        "equal with a large mess",
        "log p_2 + log p_6 + " + " + ".join(f"(p_2 + {k})^2 - p_2^2 - {2 * k}*p_2 - {k * k}" for k in range(1, 40)),
    ),
    ("equal by a hidden zero", "log p_2 + log p_6 + (p_2+p_6)^20 - (p_2+p_6)^10*(p_2+p_6)^10"),
    ("equal by quotient", "(log p_2 + log p_6)*" + "*".join(f"(p_2+{k})/(p_2+{k})" for k in range(1, 18))),
    ("equal by telescoping", "*".join(f"(p_2+{k})/(p_2+{k + 1})" for k in range(1, 60)) + "*(log p_2 + log p_6)"),
    (
        "equal apart from a removable gap",
        "(log p_2 + log p_6)*" + "*".join(f"(p_2-p_6^{k})/(p_2-p_6^{k})" for k in range(2, 10)),
    ),
    ("gaps of logs", "log p_2 + log p_6 + 0*(" + " + ".join(f"1/log(p_2/{k})" for k in range(2, 20)) + ")"),
    ("gaps of abs", "(log p_2 + log p_6)*(abs(p_2-p_6)+abs(p_2-1/2))/(abs(p_6-p_2)+abs(1/2-p_2))"),
    (
        "cases equal",
        "log p_2 + log p_6 + " + " + ".join(f"max(p_2,p_6^{k}) - p_2 - max(0, p_6^{k} - p_2)" for k in range(2, 8)),
    ),
    ("cases many", "log p_2 + log p_6 + " + " + ".join(f"abs(p_2-1/{k}) - abs(1/{k}-p_2)" for k in range(2, 40))),
    ("cases differ", "log p_2 + log p_6 + " + "*".join(f"(abs(p_2-1/{k}) + p_2 - 1/{k})" for k in range(2, 9))),
    ("refined roots", "log(1-p_2) - log(1-p_2^(1/2)) - log(1+p_2^(1/4)) - log(1 - p_6^(1/6)) + log p_2 + log p_6"),
    ("refined roots big", " + ".join(f"log(1-p_2^(1/{k}))" for k in range(2, 14))),
    ("swapped terms too many", " + ".join(f"log p_{1 + k % 6}" for k in range(400))),
    ("multiples of terms", " + ".join(f"{k + 1}/{k + 2}*log p_{1 + k % 6}" for k in range(200))),
    ("product of logs of products", "*".join(f"log(p_{1 + k % 6}*p_{1 + (k + 1) % 6})" for k in range(9))),
    ("coefficients of logs of primes", " + ".join(f"log({k})/log({k + 2})*log(p_2)" for k in range(2, 60))),
    ("constants beside", "log p_2 + log p_6 + " + " + ".join(f"log({10**12 + k})" for k in range(60))),
    ("sum of all logs of sums", "*".join(f"log(p_2+{k}*p_6)" for k in range(1, 30))),
    ("exponent of a log sum", "exp(" + " + ".join(f"log(p_2+{k})" for k in range(1, 40)) + ")"),
    ("perplexity like", "exp(-1/2*log(p_2*p_6)*" + "*".join(f"(1+1/{k})" for k in range(2, 100)) + ")"),
    ("power of sums of powers", "((p_2^3+p_6^3)^(1/3)+(p_2^5+p_6^5)^(1/5))^7"),
    ("division after division brackets", _tower("p_2", "(p_6/(#))", 30)),
    ("percent chain", "50 %" * 400),
    ("labels", "J = " * 300 + "p_2"),
    ("exponents of a half in a sum", " + ".join(f"(p_2 + p_6)^({k}/2)" for k in range(1, 120, 2))),
    ("alternating", "p_2" + "".join(f" - p_6^{k} + p_2^{k}" for k in range(1, 150))),
    ("log of alternating", "log(3" + "".join(f" - p_6^{k}/{2**k}" for k in range(1, 30)) + ")"),
    ("log of many minus", "log(" + "*".join(f"(2 - p_2^{k} - p_6^{k + 1})" for k in range(1, 9)) + ")"),
    ("log base tower", _tower("p_2", "log_{2+#}(3)", 12)),
    ("same optimum hard", "-((1-p_2)^4+(1-p_6)^4+(1-p_2*p_6)^3)*exp(-p_2*p_6)"),
    ("same optimum sums", " + ".join(f"log(p_2+{k}) + log(p_6+{k})" for k in range(1, 15))),
    ("same optimum product", "*".join(f"(p_2+{k})*(p_6+{k})" for k in range(1, 5))),
    ("same optimum logs", "log(p_2)*log(p_6)*(p_2+p_6)^9"),
    ("same optimum roots", "sqrt(p_2*p_6)+sqrt(p_2)*p_6^(1/3)+(p_2*p_6)^(1/7)"),
    ("same optimum quotient", "(p_2*p_6)^3/((1-p_2)^2+(1-p_6)^2+1)"),
    ("same optimum exps", "exp(log p_2 + log p_6) + exp(exp(p_2*p_6)) + log(1 + p_2*p_6)"),
)

DECLARED: tuple[tuple[str, str], ...] = (
    ("square of many reals", "sqrt((a*b - c)^2*(b + c + a)^2*(b*c - a)^2)"),
    (
        "abs cases",
        " + ".join(f"abs(b-{k}*c)" for k in range(1, 10))
        + " - "
        + " - ".join(f"abs({k}*c-b)" for k in range(1, 10))
        + "+ b*log(a) + c",
    ),
    ("max cases", "b*log(a) + c + " + " + ".join(f"max(b,{k}*c) - b - max(0,{k}*c-b)" for k in range(1, 8))),
    ("max cases nested", "b*log(a)+c + max(b,max(c,max(a,b*c))) - max(max(b,c),max(a,b*c))"),
    ("cases unequal", "b*log(a)+c + max(b, c, b*c) + min(b, c, b*c) - b - c"),
    ("log of real squares", "log((b^2+1)*(c^2+1)*(b^2+c^2+1)*((b-c)^2+a))"),
    ("real root of real power", "((b^4+c^4+1)^(1/3)*(b^2+c^2)^(1/5))^15"),
    ("exp b log a nested", _tower("a", "(#)^(b*c)", 12)),
    ("undefined", "log(-b^2 - 1)" + "+log(-c^2-1)" * 50),
    ("half undefined", "*".join(f"log(b - {k})" for k in range(1, 30))),
    ("half undefined, narrow", "*".join(f"log(b - {k})*log({k}.001 - b)" for k in range(1, 20))),
)

RATIONAL: tuple[tuple[str, str], ...] = (
    ("partial fractions", " + ".join(f"a*q/(1-q)^2*{k}/((q+{k})*(q+{k + 1}))" for k in range(1, 15))),
    ("large quotient", "a*q*(1+q+q^2+q^3+q^4)^8/((1-q)^2*(1+q+q^2+q^3+q^4)^8)"),
    ("not cancelled", "a*q*(1-q)^40/(1-q)^42"),
    ("not cancelled, differs", "a*q*(1-q)^40/(1-q)^42 + (1-q)^33*(q+1)^20/10^50"),
    ("series", " + ".join(f"a*{k}*q^{k}" for k in range(1, 200))),
    ("high degree", "a*q/(1-2*q+q^2+10^-40*q^999)"),
    ("many quotients", "/".join(f"(q+{k})" for k in range(1, 60))),
)

NUMBER: tuple[tuple[str, str], ...] = (
    ("nested roots", _tower("2", "sqrt(1 + sqrt(#))", 18)),
    ("logs", _tower("9", "log(10 + #)", 36)),
    ("many logs", " + ".join(f"log({k})*log({k + 1})" for k in range(2, 100))),
    ("powers", " + ".join(f"{k + 1}^(1/{k})" for k in range(2, 150))),
    ("power exact", "(1 + 1/1000)^1000^2"),
    ("products", "*".join(f"(1+1/{k})" for k in range(1, 300))),
    ("sum of fractions", " + ".join(f"1/{k}{'7' * 40}" for k in range(1, 90))),
    ("exp differences", "exp(100)-exp(100)*(1+10^-40)"),
    ("close", "-log(0.5) - log(0.4) + exp(-10000)"),
    ("equal hard", "-log(0.5) - log(0.4) + sqrt(2)*sqrt(3) - sqrt(6) + sqrt(5+2*sqrt(6)) - sqrt(2) - sqrt(3)"),
    ("zero hard", "1/(log(6) - log(2) - log(3))"),
    ("minmax", "min(" + ",".join(f"log({k})" for k in range(2, 200)) + ")"),
    ("abs", _tower("2", "abs(# - 3.7)", 19)),
    ("percent", "50 % " * 200),
    ("unicode", "1️⃣" * 200),
    ("digits spaces", "1 " * 1900),
    ("scientific", "1.6e-3" * 500),
    ("times ten", "1.6×10^{-3}" * 200),
    ("slashes", "8/5" * 300),
    ("signs", "+-" * 1800 + "1"),
    ("fractions of logs", _tower("log 2", r"\frac{#}{1+#}", 12)),
    ("tower of exp logs", _tower("2", "exp(log(#))", 12)),
    ("large exponents", "1.0000001^(10^9)*0.9999999^(10^9)"),
    ("root degree", r"\sqrt[999999937]{2}*\sqrt[999999929]{3}"),
    ("of semiprime logs", "log(1000000016000000063)-log(1000000007)-log(1000000009)+1"),
)
