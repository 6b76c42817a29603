"""What can be rehearsed."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from coach.web.api import words
from coach.web.api.answering import answer, scenario_entry
from coach.web.api.asking import Asked, language_of, query
from coach.web.api.door import api
from coach.web.api.specification import documented
from coach.web.i18n import language_of_request
from coach.web.services import services
from coach.web.shared import for_people


class InLanguage(Asked):
    language: words.Tag | None = None


@api.get("/scenarios")
@for_people()
@documented(says=words.ScenarioList, query=InLanguage, problems=(422,), operation="list_scenarios")
def scenarios() -> ResponseReturnValue:
    """Scenarios, easiest first

    `title` and `hook` come in `?language=`, else in the language of Accept-Language.
    """
    language = language_of(query(InLanguage).language, language_of_request())
    entries = [scenario_entry(scenario, language) for scenario in services().library.scenarios]
    return answer(words.ScenarioList(scenarios=entries))
