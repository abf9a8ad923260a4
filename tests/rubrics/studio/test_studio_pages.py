"""The studio's pages: who comes in, what a save does, and that two people lose nothing."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grader.models import AuditEntry, User
from rubrics.domain.document import rubric_from_mapping
from rubrics.domain.identity import content_as_json
from rubrics.domain.parts import part_of
from rubrics.models import RubricVersion
from rubrics.services import rubric_version_approve, rubric_version_create
from tests.builders import document
from tests.cast import Cast, approved_rubric, make_cast

pytestmark = pytest.mark.django_db

AT = "/rubrics/ankle_v1/1.0.0/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def draft() -> RubricVersion:
    return made()


def made(**changes: object) -> RubricVersion:
    return rubric_version_create(document=rubric_from_mapping(document(**changes)), author_id=None, at=timezone.now())


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def stored(version: RubricVersion) -> RubricVersion:
    return RubricVersion.objects.select_related("rubric").get(pk=version.pk)


def question_form(version: RubricVersion, at: int = 0, **written: str) -> dict[str, str]:
    """The form of a key question as it stands on the page, with what somebody wrote over it."""
    part = part_of(version.content, f"key_questions.{at}")
    form = {
        "part": f"key_questions.{at}",
        "etag": version.content_sha256,
        "base": json.dumps(part),
        "label": part["label"],
        "phrases": "\n".join(part["phrases"]),
        "id": part["id"],
        "anchor": part["anchor"],
        **({"critical": "on"} if part.get("critical") else {}),
    }
    return {**form, **written}


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


# Who may and who may not

PAGES = ("", "approve/", "copy/", "delete/")
ACTIONS: dict[str, dict[str, str]] = {
    "save/": {"part": "about", "title": "Changed"},
    "resolve/": {"part": "about", "base": "{}", "mine": "{}"},
    "json/": {"json": "{}"},
    "items/add/": {"home": "key_questions", "words": "Any swelling?"},
    "items/move/": {"home": "key_questions", "id": "allergies", "to": "up"},
    "items/remove/": {"part": "key_questions.0"},
    "items/undo/": {},
    "approve/": {"note": "fine"},
    "archive/": {},
    "delete/": {},
    "revise/": {},
    "roll-back/": {},
    "copy/": {"title": "Copy", "rubric_id": "copy_v1"},
}


@pytest.mark.parametrize("page", ["/rubrics/new/", *(AT + page for page in PAGES)])
@pytest.mark.parametrize("who", ["owner", "colleague", "outsider", "coordinator"])
def test_faculty_read_every_rubric(cast: Cast, draft: RubricVersion, who: str, page: str) -> None:
    assert signed_in(getattr(cast, who)).get(page).status_code == 200


@pytest.mark.parametrize("page", ["/rubrics/new/", "/rubrics/ankle_v1/", *(AT + page for page in (*PAGES, "archive/"))])
def test_to_students_no_rubric_page_exists(cast: Cast, draft: RubricVersion, page: str) -> None:
    assert signed_in(cast.student).get(page).status_code == 404


@pytest.mark.parametrize("page", ["/rubrics/new/", "/rubrics/ankle_v1/", *(AT + page for page in (*PAGES, "archive/"))])
def test_visitors_are_asked_to_sign_in(draft: RubricVersion, page: str) -> None:
    response = Client().get(page)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", ["student", None])
def test_students_and_visitors_change_nothing(cast: Cast, draft: RubricVersion, who: str | None, action: str) -> None:
    response = signed_in(getattr(cast, who) if who else None).post(AT + action, ACTIONS[action])
    assert response.status_code == (404 if who else 302)
    assert RubricVersion.objects.count() == 1
    assert stored(draft).content_sha256 == draft.content_sha256
    assert stored(draft).status == "draft"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_form_from_elsewhere_is_refused(cast: Cast, draft: RubricVersion, action: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.coordinator)
    assert client.post(AT + action, ACTIONS[action]).status_code == 403


@pytest.mark.parametrize("action", ["approve/", "archive/"])
@pytest.mark.parametrize("who", ["owner", "colleague", "outsider"])
def test_only_coordinators_approve_and_archive(cast: Cast, draft: RubricVersion, who: str, action: str) -> None:
    if action == "archive/":
        rubric_version_approve(rubric_version=draft, by="coordinator", at=timezone.now())
    before = stored(draft).status
    assert signed_in(getattr(cast, who)).post(AT + action, {"note": "fine"}).status_code == 404
    assert stored(draft).status == before


@pytest.mark.parametrize(
    "page", ["/rubrics/nothing/", "/rubrics/nothing/1.0.0/", "/rubrics/ankle_v1/9.9.9/", "/rubrics/ankle_v1/v1/"]
)
def test_what_is_not_there_answers_404(cast: Cast, draft: RubricVersion, page: str) -> None:
    assert signed_in(cast.owner).get(page).status_code == 404


# Saving


def test_a_save_changes_the_draft_in_place_and_names_who_saved(cast: Cast, draft: RubricVersion) -> None:
    response = signed_in(cast.owner).post(AT + "save/", question_form(draft, label="Could you put weight on it?"))
    assert response.status_code == 302
    now = stored(draft)
    assert now.content["key_questions"][0]["label"] == "Could you put weight on it?"
    assert (now.version, now.updated_by) == ("1.0.0", cast.owner)


def test_the_script_s_save_answers_with_the_pieces_that_changed(cast: Cast, draft: RubricVersion) -> None:
    form = question_form(draft, phrases="any allergies")
    response = signed_in(cast.owner).post(AT + "save/", form, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert response.status_code == 200
    for piece in ("save-state", "basis", "outline", "side", "f-phrases-notes"):
        assert re.search(rf'id="{piece}"[^>]*hx-swap-oob="true"', html), piece
    assert stored(draft).content_sha256 in html
    assert "<html" not in html


def test_live_checks_stand_beside_the_field_they_are_about(cast: Cast, draft: RubricVersion) -> None:
    form = question_form(draft, 1, phrases="any allergies\ntake four steps")
    response = signed_in(cast.owner).post(AT + "save/", form, headers={"HX-Request": "true"})
    notes = re.search(r'id="f-phrases-notes".*?</div>', response.content.decode(), re.DOTALL)
    assert notes is not None
    assert "take four steps" in notes[0]


@pytest.mark.parametrize("script", [True, False])
def test_what_can_not_be_stored_stays_in_the_form_with_the_reason(
    cast: Cast, draft: RubricVersion, script: bool
) -> None:
    headers = {"HX-Request": "true"} if script else {}
    response = signed_in(cast.owner).post(AT + "save/", question_form(draft, label="  "), headers=headers)
    assert response.status_code == 400
    assert "Write something here." in words(response.content)
    assert "Not saved yet" in words(response.content)
    assert stored(draft).content_sha256 == draft.content_sha256


def test_an_approved_version_is_shown_and_refuses_every_save(cast: Cast) -> None:
    version = approved_rubric()
    client = signed_in(cast.coordinator)
    assert 'id="save-state"' not in client.get(AT).content.decode()
    assert "disabled" in client.get(AT).content.decode()
    assert client.post(AT + "save/", question_form(version, label="Other?")).status_code == 409
    assert stored(version).content_sha256 == version.content_sha256


def test_rows_move_without_javascript(cast: Cast, draft: RubricVersion) -> None:
    part = part_of(draft.content, "structure")
    form = {
        "part": "structure",
        "etag": draft.content_sha256,
        "base": json.dumps(part),
        "anchor": part["anchor"],
        "expected_order": [*part["expected_order"], ""],
        "row": "expected_order down 0",
    }
    signed_in(cast.owner).post(AT + "save/", form)
    assert stored(draft).content["structure"]["expected_order"][:3] == ["HPI", "CC", "ROS"]
    assert len(stored(draft).content["structure"]["penalties"]) == 2


# Two people at one draft


def save(client: Client, version: RubricVersion, at: int = 0, **written: str) -> Any:
    return client.post(AT + "save/", question_form(version, at, **written))


def test_the_second_save_is_refused_with_both_changes_side_by_side(cast: Cast, draft: RubricVersion) -> None:
    save(signed_in(cast.owner), draft, label="First?")
    response = save(signed_in(cast.colleague), draft, label="Second?")
    assert response.status_code == 412
    text = words(response.content)
    for said in ("First?", "Second?", "Could you walk on it afterwards?", "owner", "you both changed it"):
        assert said in text
    assert stored(draft).content["key_questions"][0]["label"] == "First?"


def fields_of(html: bytes) -> dict[str, str]:
    """Hidden fields and chosen radio buttons of the page's form."""
    found = {}
    for tag in re.findall(r"<input[^>]+>", html.decode()):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        chosen = attributes.get("type") == "hidden" or " checked" in tag
        if chosen and "name" in attributes:
            found[attributes["name"]] = attributes["value"]
    return found


@pytest.mark.parametrize(("choice", "label"), [("mine", "Second?"), ("theirs", "First?")])
def test_what_is_chosen_is_stored_and_the_rest_of_both_kept(
    cast: Cast, draft: RubricVersion, choice: str, label: str
) -> None:
    save(signed_in(cast.owner), draft, label="First?", phrases="walk on it\nbear weight")
    colleague = signed_in(cast.colleague)
    form = question_form(draft, label="Second?")
    del form["critical"]
    shown = fields_of(colleague.post(AT + "save/", form).content)
    assert colleague.post(AT + "resolve/", {**shown, "choose-label": choice}).status_code == 302
    question = stored(draft).content["key_questions"][0]
    assert question["label"] == label
    assert question["phrases"] == ["walk on it", "bear weight"]
    assert question["critical"] is False


def test_a_third_save_while_choosing_is_shown_again(cast: Cast, draft: RubricVersion) -> None:
    save(signed_in(cast.owner), draft, label="First?")
    colleague = signed_in(cast.colleague)
    shown = fields_of(save(colleague, draft, label="Second?").content)
    save(signed_in(cast.outsider), stored(draft), label="Third?")
    again = colleague.post(AT + "resolve/", {**shown, "choose-label": "mine"})
    assert again.status_code == 412
    assert "Third?" in words(again.content)
    assert stored(draft).content["key_questions"][0]["label"] == "Third?"


def test_a_change_of_another_part_is_kept_with_mine(cast: Cast, draft: RubricVersion) -> None:
    save(signed_in(cast.owner), draft, 0, label="First?")
    colleague = signed_in(cast.colleague)
    shown = fields_of(save(colleague, draft, 1, label="Allergic to anything?").content)
    colleague.post(AT + "resolve/", shown)
    labels = [question["label"] for question in stored(draft).content["key_questions"]]
    assert labels == ["First?", "Allergic to anything?"]


@pytest.mark.parametrize(("choice", "count"), [("put-back", 2), ("leave", 1)])
def test_an_item_removed_by_one_and_written_by_the_other_can_be_put_back(
    cast: Cast, draft: RubricVersion, choice: str, count: int
) -> None:
    removal = {"part": "key_questions.1", "etag": draft.content_sha256}
    signed_in(cast.owner).post(AT + "items/remove/", removal)
    colleague = signed_in(cast.colleague)
    shown = fields_of(save(colleague, draft, 1, label="Allergic to anything?").content)
    colleague.post(AT + "resolve/", {**shown, "gone": choice})
    assert len(stored(draft).content["key_questions"]) == count


def test_an_item_that_somebody_just_changed_is_not_removed_unseen(cast: Cast, draft: RubricVersion) -> None:
    save(signed_in(cast.owner), draft, 1, label="Allergic to anything?")
    removal = {"part": "key_questions.1", "etag": draft.content_sha256}
    response = signed_in(cast.colleague).post(AT + "items/remove/", removal, follow=True)
    assert "nothing was removed" in words(response.content)
    assert len(stored(draft).content["key_questions"]) == 2


def test_a_stale_save_by_the_script_says_who_was_first(cast: Cast, draft: RubricVersion) -> None:
    save(signed_in(cast.owner), draft, label="First?")
    form = question_form(draft, label="Second?")
    response = signed_in(cast.colleague).post(AT + "save/", form, headers={"HX-Request": "true"})
    assert response.status_code == 412
    assert "Not saved: owner changed this draft" in words(response.content)
    assert 'form="part-form"' in response.content.decode()


# Items


def test_an_item_is_added_moved_removed_and_put_back(cast: Cast, draft: RubricVersion) -> None:
    client = signed_in(cast.owner)

    def ids() -> list[str]:
        return [question["id"] for question in stored(draft).content["key_questions"]]

    response = client.post(AT + "items/add/", {"home": "key_questions", "words": "Any swelling?"})
    assert "part=key_questions.2" in response.headers["Location"]
    assert ids() == ["weight_bearing", "allergies", "swelling"]
    client.post(AT + "items/move/", {"home": "key_questions", "id": "swelling", "to": "up"})
    assert ids() == ["weight_bearing", "swelling", "allergies"]
    client.post(AT + "items/move/", {"home": "key_questions", "id": "swelling", "to": "0"})
    assert ids() == ["swelling", "weight_bearing", "allergies"]
    removal = {"part": "key_questions.1", "etag": stored(draft).content_sha256}
    page = client.post(AT + "items/remove/", removal, follow=True)
    assert "Removed “Could you walk on it afterwards?”" in words(page.content)
    assert ids() == ["swelling", "allergies"]
    client.post(AT + "items/undo/")
    assert ids() == ["swelling", "weight_bearing", "allergies"]


def test_moving_by_the_script_keeps_the_open_item_open(cast: Cast, draft: RubricVersion) -> None:
    values = {"home": "key_questions", "id": "weight_bearing", "to": "down", "part": "key_questions.1"}
    response = signed_in(cast.owner).post(AT + "items/move/", values, headers={"HX-Request": "true"})
    basis = re.search(r'id="basis".*?</div>', response.content.decode(), re.DOTALL)
    assert basis is not None
    assert 'value="key_questions.0"' in basis[0]
    assert "allergies" in basis[0]


# The life of a version


def test_a_new_rubric_from_nothing_but_a_title(cast: Cast) -> None:
    response = signed_in(cast.owner).post("/rubrics/new/", {"title": "Ankle injury", "template": "blank"})
    assert response.status_code == 302
    version = RubricVersion.objects.get()
    assert (version.rubric.rubric_id, version.version, version.status) == ("ankle_injury", "1.0.0", "draft")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ({"title": ""}, 400),
        ({"title": "x", "rubric_id": "a b"}, 400),
        ({"title": "Ankle", "rubric_id": "ankle_v1"}, 409),
    ],
)
def test_a_rubric_that_can_not_be_made_keeps_what_was_written(
    cast: Cast, draft: RubricVersion, written: dict[str, str], status: int
) -> None:
    response = signed_in(cast.owner).post("/rubrics/new/", {"template": "blank", **written})
    assert response.status_code == status
    assert 'role="alert"' in response.content.decode()
    assert RubricVersion.objects.count() == 1


def test_approval_signs_with_the_person_s_name_and_note_and_may_raise_the_version(
    cast: Cast, draft: RubricVersion
) -> None:
    User.objects.filter(pk=cast.coordinator.pk).update(first_name="Ada", last_name="Byron")
    client = signed_in(cast.coordinator)
    response = client.post(AT + "approve/", {"number": "1.1.0", "note": "Looked at by the board."})
    assert response.status_code == 302
    now = stored(draft)
    assert (now.version, now.status, now.approved_by) == ("1.1.0", "approved", "Ada Byron")
    assert now.approval_note == "Looked at by the board."
    assert AuditEntry.objects.filter(action="approve rubric version", actor=f"user:{cast.coordinator.pk}").exists()


def test_approval_refuses_a_rubric_with_errors_and_leads_to_the_first(cast: Cast) -> None:
    broken = made(weights={**document()["weights"], "summary": 0.9})
    client = signed_in(cast.coordinator)
    page = client.get(AT + "approve/").content.decode()
    assert "?part=weights#form" in page
    assert 'name="note"' not in page
    assert client.post(AT + "approve/", {"note": "all the same"}).status_code == 409
    assert stored(broken).status == "draft"


def test_faculty_see_what_a_coordinator_would_approve(cast: Cast, draft: RubricVersion) -> None:
    text = words(signed_in(cast.owner).get(AT + "approve/").content)
    assert "A coordinator approves rubrics" in text
    assert "http://testserver/rubrics/ankle_v1/1.0.0/approve/" in text


def test_an_approved_version_is_edited_as_the_next_draft_and_only_one(cast: Cast) -> None:
    approved_rubric()
    client = signed_in(cast.owner)
    assert client.post(AT + "revise/").headers["Location"].startswith("/rubrics/ankle_v1/1.0.1/")
    assert client.post(AT + "revise/").headers["Location"].startswith("/rubrics/ankle_v1/1.0.1/")
    assert RubricVersion.objects.count() == 2


def test_history_tells_what_changed_and_rolls_back_as_a_new_draft(cast: Cast) -> None:
    approved_rubric()
    client = signed_in(cast.owner)
    client.post(AT + "revise/")
    draft = RubricVersion.objects.select_related("rubric").get(patch=1)
    client.post("/rubrics/ankle_v1/1.0.1/save/", question_form(draft, label="Could you put weight on it?"))
    page = words(client.get("/rubrics/ankle_v1/1.0.1/?tab=history").content)
    assert "Since 1.0.0" in page
    assert "Could you put weight on it?" in page
    client.post(AT + "roll-back/")
    newest = RubricVersion.objects.select_related("rubric").get(patch=2)
    assert newest.content["key_questions"][0]["label"] == "Could you walk on it afterwards?"
    assert newest.status == "draft"


def test_archiving_asks_first_and_keeps_the_version_readable(cast: Cast) -> None:
    version = approved_rubric()
    client = signed_in(cast.coordinator)
    assert "Archive 1.0.0?" in words(client.get(AT + "archive/").content)
    client.post(AT + "archive/")
    assert stored(version).status == "archived"
    assert client.get(AT).status_code == 200


def test_a_draft_is_deleted_and_an_approved_version_is_not(cast: Cast, draft: RubricVersion) -> None:
    client = signed_in(cast.owner)
    client.post(AT + "delete/")
    assert not RubricVersion.objects.exists()
    approved_rubric()
    assert "archive it instead" in words(client.post(AT + "delete/", follow=True).content)
    assert RubricVersion.objects.count() == 1


def test_a_copy_is_a_draft_of_its_own(cast: Cast, draft: RubricVersion) -> None:
    signed_in(cast.owner).post(AT + "copy/", {"title": "Knee injury", "rubric_id": ""})
    copy = RubricVersion.objects.select_related("rubric").get(rubric__rubric_id="knee_injury")
    assert (copy.title, copy.version) == ("Knee injury", "1.0.0")
    assert copy.content["key_questions"] == draft.content["key_questions"]


# The document as JSON


def test_the_document_is_saved_as_json_in_place(cast: Cast, draft: RubricVersion) -> None:
    changed = {**draft.content, "title": "Ankle, again"}
    body = {"etag": draft.content_sha256, "json": json.dumps(changed)}
    assert signed_in(cast.owner).post(AT + "json/", body).status_code == 302
    assert stored(draft).title == "Ankle, again"


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("{", 400, "This is not JSON"),
        ("[]", 400, "A rubric is a JSON object"),
        ('{"rubric_id": "ankle_v1", "version": "1.0.0"}', 400, "key_questions Field required"),
        ("[" * 100_000, 400, "This is not readable JSON"),
        ("{}", 412, "Somebody else saved this draft"),
    ],
    ids=["broken", "a list", "wrong shape", "nested to death", "stale"],
)
def test_json_that_can_not_be_stored_stays_on_the_page(
    cast: Cast, draft: RubricVersion, text: str, status: int, said: str
) -> None:
    body = {"etag": "old" if status == 412 else draft.content_sha256, "json": text}
    response = signed_in(cast.owner).post(AT + "json/", body)
    assert response.status_code == status
    assert said in words(response.content)
    assert text[:1000] in unescape(response.content.decode())
    assert stored(draft).content_sha256 == draft.content_sha256


# Hostile and huge documents

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("tab", ["checks", "preview", "history"])
@pytest.mark.parametrize("part", ["about", "weights", "key_questions.0", "structure", "json"])
def test_markup_in_a_rubric_is_shown_as_text(cast: Cast, part: str, tab: str) -> None:
    question = {**document()["key_questions"][0], "label": HOSTILE, "phrases": [HOSTILE], "id": HOSTILE[:99]}
    structure = {"anchor": "#R.structure", "expected_order": [HOSTILE, "CC"]}
    made(title=HOSTILE, specialty=HOSTILE, description=HOSTILE, key_questions=[question], structure=structure)
    html = signed_in(cast.owner).get(f"{AT}?part={part}&tab={tab}").content.decode()
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert "<img" not in html


def test_ten_thousand_phrases_are_shown_one_question_at_a_time(cast: Cast) -> None:
    questions = [
        {"id": f"q{n}", "anchor": f"#Q.q{n}", "label": f"Question {n}?", "critical": n == 0, "phrases": [f"wording {n} {m}" for m in range(50)]}
        for n in range(200)
    ]  # fmt: skip
    version = made(key_questions=questions)
    page = signed_in(cast.owner).get(f"{AT}?part=key_questions.7")
    assert page.status_code == 200
    assert "wording 7 49" in page.content.decode()
    assert "wording 8 49" not in page.content.decode()
    assert save(signed_in(cast.owner), version, 7, label="Changed?").status_code == 302
    assert len(content_as_json(stored(version).document)["key_questions"]) == 200


FAR = "key_questions." + "9" * 5000
ODD: dict[str, tuple[str, dict[str, str]]] = {
    "an item that is not there": (
        "save/",
        {"part": "key_questions.77", "base": '{"id": "x"}', "label": "x", "phrases": "x"},
    ),
    "a position without end": ("save/", {"part": FAR}),
    "a base that is no object": ("save/", {"part": "about", "base": "[[["}),
    "a part that does not exist": ("save/", {"part": "__class__", "title": "x"}),
    "a character that can't be stored": ("save/", {"part": "about", "title": "a\x00b"}),
    "a row that is not there": (
        "save/",
        {"part": "structure", "row": "expected_order up " + "9" * 5000, "anchor": "#a"},
    ),
    "nothing to resolve": ("resolve/", {}),
    "an item of nowhere": ("items/add/", {"home": "nowhere", "words": "\x00"}),
    "a move to nowhere": ("items/move/", {"home": "key_questions", "id": "allergies", "to": "9" * 5000, "part": FAR}),
    "a removal of everything": ("items/remove/", {"part": "key_questions"}),
    "a removal far away": ("items/remove/", {"part": FAR}),
    "words without end": ("describe/", {"words": "make " * 5000}),
    "a patch of nonsense": ("describe/apply/", {"patch": "[" * 5000}),
    "a version of nonsense": ("approve/", {"number": "v" * 5000}),
    "a note that can't be stored": ("approve/", {"note": "a\x00b"}),
    "a copy without a name": ("copy/", {"title": "\x00"}),
    "JSON with a character that can't be stored": ("json/", {"json": '{"title": "\\u0000"}'}),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_no_page_would_send_is_refused_and_never_a_failure(cast: Cast, draft: RubricVersion, odd: str) -> None:
    address, form = ODD[odd]
    response = signed_in(cast.coordinator).post(AT + address, {"etag": draft.content_sha256, **form})
    assert response.status_code in (200, 302, 400, 404, 409, 412, 422)
