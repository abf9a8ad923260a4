"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerView

from grader import key_pages, views
from grader.metrics import metrics

urlpatterns = [
    path("", include("scoring.urls")),
    path("", include("rubrics.urls")),
    path("", include("feedback.urls")),
    path("", include("grader.students.urls")),
    path("sign-in/", auth_views.LoginView.as_view(template_name="grader/login.html"), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("keys/", key_pages.api_keys, name="api-keys"),
    path("keys/<slug:prefix>/revoke/", key_pages.api_key_revoke_page, name="api-key-revoke"),
    path("api", include("grader.api_urls")),
    path(
        "docs",
        SpectacularSwaggerView.as_view(url_name="api-schema", authentication_classes=[], permission_classes=[]),
        name="docs",
    ),
    path("services/status", views.services_status, name="services-status"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
