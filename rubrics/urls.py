"""Pages of rubrics. The library and the bench, which need gradings, are in `scoring.urls`."""

from django.urls import path

from rubrics.views import describing, exchange, items, life_cycle, making, saving, studio

_VERSION = "rubrics/<slug:rubric_id>/<str:version>/"

urlpatterns = [
    path("rubrics/import/", exchange.rubric_import_page, name="rubric-import"),
    path("rubrics/new/", making.rubric_new, name="rubric-new"),
    path("rubrics/<slug:rubric_id>/", studio.rubric_page, name="rubric"),
    path(_VERSION, studio.studio, name="rubric-studio"),
    path(f"{_VERSION}save/", saving.rubric_save, name="rubric-save"),
    path(f"{_VERSION}resolve/", saving.rubric_resolve, name="rubric-resolve"),
    path(f"{_VERSION}json/", saving.rubric_save_json, name="rubric-json"),
    path(f"{_VERSION}items/add/", items.rubric_item_add, name="rubric-item-add"),
    path(f"{_VERSION}items/move/", items.rubric_item_move, name="rubric-item-move"),
    path(f"{_VERSION}items/remove/", items.rubric_item_remove, name="rubric-item-remove"),
    path(f"{_VERSION}items/undo/", items.rubric_item_undo, name="rubric-item-undo"),
    path(f"{_VERSION}describe/", describing.rubric_describe, name="rubric-describe"),
    path(f"{_VERSION}describe/apply/", describing.rubric_describe_apply, name="rubric-describe-apply"),
    path(f"{_VERSION}approve/", life_cycle.rubric_approve_page, name="rubric-approve"),
    path(f"{_VERSION}archive/", life_cycle.rubric_archive_page, name="rubric-archive"),
    path(f"{_VERSION}delete/", life_cycle.rubric_delete_page, name="rubric-delete"),
    path(f"{_VERSION}revise/", life_cycle.rubric_revise, name="rubric-revise"),
    path(f"{_VERSION}roll-back/", life_cycle.rubric_roll_back_page, name="rubric-roll-back"),
    path(f"{_VERSION}export/", exchange.rubric_export_page, name="rubric-export"),
    path(f"{_VERSION}copy/", making.rubric_copy_page, name="rubric-copy"),
]
