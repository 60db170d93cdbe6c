from django.urls import path

from shuniu.calls.views.panel import draws, expert, pool, staff

urlpatterns = [
    path("calls/experts/", pool.experts, name="experts"),
    path("calls/experts/new/", pool.add, name="add_expert"),
    path("calls/experts/<int:pk>/", pool.expert, name="expert"),
    path("calls/experts/<int:pk>/retire/", pool.retire, name="retire_expert"),
    path("calls/experts/<int:pk>/invite/", pool.invite, name="invite_expert"),
    path("calls/panels/of/<int:call_id>/", staff.overview, name="panels"),
    path("calls/panels/<int:pk>/", staff.committee, name="committee"),
    path("calls/panels/<int:pk>/freeze/", staff.freeze, name="freeze_pool"),
    path("calls/panels/<int:pk>/open/", staff.open_scoring, name="open_scoring"),
    path("calls/panels/<int:pk>/close/", staff.close_scoring, name="close_scoring"),
    path("calls/panels/<int:pk>/reopen/", staff.ask_reopening, name="ask_reopening"),
    path("calls/panels/<int:pk>/reopen/<int:reopening_id>/", staff.decide_reopening, name="decide_reopening"),
    path("calls/panels/<int:pk>/seats/<int:seat_id>/", staff.seat, name="seat"),
    path("calls/panels/<int:pk>/seats/<int:seat_id>/replace/", staff.replace, name="replace_seat"),
    path("calls/panels/<int:pk>/seats/<int:seat_id>/missing/", staff.missing, name="mark_missing"),
    path("draws/<int:pk>/", draws.draw, name="draw"),
    path("draws/<int:pk>/party/", draws.party, name="draw_party"),
    path("review/", expert.home, name="review_home"),
    path("review/undertaking/", expert.undertaking, name="undertaking"),
    path("review/<int:committee_id>/declare/", expert.declare, name="declare"),
    path("review/<int:committee_id>/decline/", expert.decline, name="decline_seat"),
]
