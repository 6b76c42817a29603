"""Pages of quality assurance: the flags, and a form to add one by hand."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from coach.coaching.flags import Finding, WrongFinding
from coach.domain.flag import FlagState, Severity
from coach.domain.people import Role
from coach.web.faults import fault_words
from coach.web.forms import Form
from coach.web.i18n import language_of_request
from coach.web.services import services
from coach.web.shared import for_people, the_person

qa = Blueprint("qa", __name__, url_prefix="/qa")

QA = (Role.QA, Role.ADMIN)
SHOWN = 50  # flags on a page

SEVERITIES: dict[Severity, LazyString] = {
    Severity.LOW: _l("minor"),
    Severity.MEDIUM: _l("noticeable"),
    Severity.HIGH: _l("serious"),
    Severity.CRITICAL: _l("critical"),
}
STATES: dict[FlagState, LazyString] = {FlagState.OPEN: _l("open")}


class FlagForm(Form):
    agent = EmailField(_l("Agent's e-mail address"), [DataRequired(_l("This field is required."))])
    call_reference = StringField(_l("Call reference"), [DataRequired(_l("This field is required."))])
    date = DateField(_l("Day of the call"), [DataRequired(_l("This must be a date such as 2026-03-05."))])
    step = SelectField(_l("Step that was missed"))
    error_code = StringField(_l("Or an error code of yours"))
    severity = SelectField(_l("How serious"), default=Severity.MEDIUM.value)
    note = TextAreaField(_l("What was heard"))

    def finding(self) -> Finding:
        """What was filled in; only after `validate`."""
        assert self.date.data
        return Finding(
            agent=self.agent.data or "",
            call_reference=self.call_reference.data or "",
            date=self.date.data,
            step=self.step.data or "",
            error_code=self.error_code.data or "",
            severity=Severity(self.severity.data),
            note=self.note.data or "",
        )

    def show(self, faults: dict[str, str]) -> None:
        """Puts what the use case refused beside its fields."""
        for name, code in faults.items():
            self[name].errors = [*self[name].errors, str(fault_words(code))]


@qa.get("/flags")
@for_people(*QA)
def flags() -> ResponseReturnValue:
    return _page(_form())


@qa.post("/flags")
@for_people(*QA)
def add_flag() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        flag, is_new = services().flagging.flag(the_person(), form.finding())
    except WrongFinding as error:
        form.show(error.faults)
        return _page(form), 422
    if is_new:
        flash(_("%(name)s is flagged.", name=flag.agent_name))
    else:
        flash(_("This was flagged before, so nothing changed."))
    return redirect(url_for("qa.flags"), code=303)


def _form() -> FlagForm:
    language = language_of_request()
    form = FlagForm()
    groups: dict[str, list[tuple[str, str]]] = {"": [("", _("Choose a step"))]}
    for id, (pack, step) in services().flagging.steps.items():
        groups.setdefault(pack.name.within(language), []).append((id, step.name.within(language)))
    form.step.choices = groups
    form.severity.choices = [(severity.value, str(word)) for severity, word in SEVERITIES.items()]
    return form


def _page(form: FlagForm) -> str:
    before = request.args.get("before", "")
    shown = services().flagging.newest(
        the_person(), limit=SHOWN, before=int(before) if before.isascii() and before.isdigit() else None
    )
    return render_template(
        "qa/flags.html",
        form=form,
        flags=shown,
        older=shown[-1].id if len(shown) == SHOWN else None,
        steps=services().flagging.steps,
        severities=SEVERITIES,
        states=STATES,
    )
