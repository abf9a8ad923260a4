"""The settings of the fuzzer's server: the product's, without the files that a release collects for its pages."""

from grader.settings import *  # noqa: F403 - settings are made so

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
