from django.urls import path

from shuniu.calls.views import public

urlpatterns = [
    path("notices/<int:pk>/", public.notice, name="notice"),
    path("notices/lists/<int:pk>/", public.public_list, name="public_list"),
    path("notices/lists/<int:pk>.xlsx", public.list_xlsx, name="public_list_xlsx"),
    path("papers/<int:pk>.pdf", public.paper, name="public_paper"),
]
