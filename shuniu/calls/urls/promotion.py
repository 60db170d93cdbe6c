from django.urls import path

from shuniu.calls.views import promotion

urlpatterns = [
    path("calls/<int:pk>/promotion/", promotion.promotion, name="promotion"),
    path("calls/<int:pk>/promotion/<int:number>/strike/", promotion.strike, name="strike_promotion"),
]
