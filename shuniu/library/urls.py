from django.urls import path

from shuniu.library.views import documents, endings, impact, papers, templates, uploads

app_name = "library"

urlpatterns = [
    path("library/", documents.library, name="library"),
    path("library/uploads/", uploads.uploads, name="uploads"),
    path("library/uploads/authors-pack/", uploads.authors_pack, name="authors_pack"),
    path("library/uploads/<int:pk>/", uploads.upload, name="upload"),
    path("library/uploads/<int:pk>/rehearsal/", uploads.rehearsal, name="rehearsal"),
    path("library/uploads/<int:pk>/impact/", impact.impact, name="impact"),
    path("library/uploads/<int:pk>/impact/organisations/", impact.organisations, name="impact_organisations"),
    path("library/uploads/<int:pk>/propose/", uploads.propose, name="propose"),
    path("library/uploads/<int:pk>/discard/", uploads.discard, name="discard"),
    path("library/uploads/<int:pk>/folder/", uploads.folder, name="folder"),
    path("library/endings/<int:pk>/", endings.ending, name="ending"),
    path("library/questions/", papers.questions, name="questions"),
    path("library/questions/<int:pk>/", papers.question, name="question"),
    path("library/<slug:key>/", documents.document, name="document"),
    path("library/<slug:key>/adopt/", uploads.adopt, name="adopt"),
    path("library/<slug:key>/end/", endings.end, name="end"),
    path("library/<slug:key>/paper/", papers.paper, name="paper"),
    path("library/<slug:key>/paper/file/", papers.paper_file, name="paper_file"),
    path("library/<slug:key>/questions/", papers.questions_of, name="questions_of"),
    path("library/<slug:key>/templates/<slug:template>/", templates.template, name="template"),
    path("library/<slug:key>/templates/<slug:template>/revise/", templates.revise, name="revise"),
]
