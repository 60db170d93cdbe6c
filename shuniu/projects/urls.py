from django.urls import path

from shuniu.projects import views

app_name = "projects"

urlpatterns = [
    path("projects/", views.project_list, name="projects"),
    path("projects/new/", views.new, name="new"),
    path("projects/<int:pk>/", views.project, name="project"),
    path("projects/<int:pk>/nominate/", views.nominate, name="nominate"),
    path("projects/<int:pk>/edit/", views.edit, name="edit"),
]
