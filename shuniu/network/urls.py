from django.urls import path

from shuniu.network.views import bases, stories

app_name = "network"

urlpatterns = [
    path("bases/", bases.base_list, name="bases"),
    path("bases/own/", bases.own_bases, name="own_bases"),
    path("bases/new/", bases.new, name="base_new"),
    path("bases/apply/", bases.apply_own, name="base_apply"),
    path("bases/register/", bases.register, name="register"),
    path("bases/<int:pk>/", bases.base, name="base"),
    path("cases/", stories.library, name="library"),
    path("cases/own/", stories.own_stories, name="own_stories"),
    path("cases/manage/", stories.story_list, name="stories"),
    path("cases/new/", stories.new, name="story_new"),
    path("cases/manage/<int:pk>/", stories.story, name="story"),
    path("cases/manage/<int:pk>/edit/", stories.edit, name="story_edit"),
    path("cases/<int:pk>/", stories.read, name="read"),
]
