"""The settings of the benchmark's server: the product's, and one bare view beside it."""

from grader.settings import *  # noqa: F403 - settings are made so

ROOT_URLCONF = "tests.bench_urls"
