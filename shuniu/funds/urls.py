from django.urls import path

from shuniu.funds.views import fund, matching, subsidy

app_name = "funds"

urlpatterns = [
    path("subsidies/", subsidy.subsidy_list, name="subsidies"),
    path("subsidies/<int:pk>/", subsidy.subsidy, name="subsidy"),
    path("subsidies/<int:pk>/uses/<int:use>/", subsidy.use_proof, name="use_proof"),
    path("payments/", subsidy.payment_list, name="payments"),
    path("funds/", fund.fund_list, name="funds"),
    path("funds/new/", fund.new, name="new_fund"),
    path("funds/<int:pk>/", fund.fund, name="fund"),
    path("matching/", matching.standards, name="matching"),
]
