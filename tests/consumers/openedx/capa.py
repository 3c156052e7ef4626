"""Grades answers with the real problems of Open edX, and checks a course with olxcleaner.

Run in the environment of ``requirements.lock``: a line of JSON in, a line of JSON out.
``{"problems": [{"xml", "answers": [{field: answer}], "pages"}]}`` gives for each answer
``{"score", "total", "said"}`` or ``{"refused"}``, with its page if asked for, and the page
of a problem without answers; ``{"course": folder}`` the complaints about it.
"""

import gettext
import json
import logging
import sys
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import MagicMock

from django.conf import settings


def configured():
    """Django has to be told its settings before anything of Open edX is imported."""
    package = Path(find_spec("xblocks_contrib").origin).parent
    settings.configure(
        STATIC_URL="/static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(package / "problem" / "capa" / "templates")],
            }
        ],
        USE_I18N=False,
    )
    import django

    django.setup()


def system():
    from django.template.loader import get_template
    from xblocks_contrib.problem.capa.capa_problem import LoncapaSystem

    return LoncapaSystem(
        ajax_url="/ajax",
        anonymous_student_id="student",
        cache=None,
        can_execute_unsafe_code=lambda: False,
        get_python_lib_zip=lambda: None,
        DEBUG=True,
        i18n=gettext.NullTranslations(),
        render_template=lambda name, context: get_template(name).render(context),
        resources_fs=None,
        seed=1,
        xqueue=None,
    )


def graded(problem):
    from xblocks_contrib.problem.capa.capa_problem import LoncapaProblem
    from xblocks_contrib.problem.capa.responsetypes import StudentInputError

    def opened():
        return LoncapaProblem(problem["xml"], "p", system(), MagicMock(), seed=7)

    new = opened()
    fields = [name for ids in new.get_answer_ids() for name in ids]
    page_before = "" if problem["answers"] else new.get_html()
    results = []
    for answers in problem["answers"]:
        one = opened() if problem.get("pages") else new
        given = {f"p_{name}": answer for name, answer in answers.items()}
        try:
            marks = one.grade_answers(given)
        except StudentInputError as error:
            results.append({"refused": str(error)})
            continue
        said = [marks.get_msg(name) + (marks.get_hint(name) or "") for name in fields]
        one.done = True
        score = one.calculate_score()
        page = one.get_html() if problem.get("pages") else ""
        results.append({"score": score["score"], "total": score["total"], "said": " ".join(said), "page": page})
    return {"page": page_before, "fields": fields, "results": results}


def checked(course):
    from olxcleaner import validate

    _, found, _ = validate(course, allowed_xblocks=["itembank"])
    return [f"{error.name}: {error.description}" for error in found.errors]


def main():
    logging.disable(logging.CRITICAL)
    configured()
    for line in sys.stdin:
        job = json.loads(line)
        answer = checked(job["course"]) if "course" in job else [graded(problem) for problem in job["problems"]]
        print(json.dumps(answer), flush=True)


main()
