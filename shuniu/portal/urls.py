from django.urls import path

from shuniu.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("notices/", views.notices, name="notices"),
    path("lists/", views.lists, name="lists"),
    path("recognised/", views.recognised, name="recognised"),
]
