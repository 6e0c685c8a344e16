from django.urls import path

from . import views

app_name = "exhibition"
urlpatterns = [
    path("fairs/<str:code>/exhibition/", views.visit, name="visit"),
    path("fairs/<str:code>/exhibition/apply/", views.apply, name="apply"),
    path("fairs/<str:code>/exhibition/cards/", views.cards, name="cards"),
    path("fairs/<str:code>/exhibition/awards/", views.awards, name="awards"),
    path("fairs/<str:code>/exhibition/<int:pk>/", views.exhibitor, name="exhibitor"),
    path("fairs/<str:code>/exhibition/<int:pk>/card/", views.card, name="card"),
    path("exhibits/<int:pk>/picture/", views.picture, name="picture"),
    path("workspace/exhibiting/", views.own_list, name="own"),
    path("workspace/exhibiting/<int:pk>/", views.mine, name="mine"),
    path("workspace/exhibiting/<int:pk>/materials/", views.materials, name="materials"),
    path("workspace/exhibiting/<int:pk>/exhibits/", views.add_exhibit, name="add-exhibit"),
    path("workspace/exhibiting/<int:pk>/do/<slug:action>/", views.act, name="act"),
    path("workspace/exhibiting/<int:pk>/leads/", views.leads, name="leads"),
    path("workspace/exhibiting/<int:pk>/leads/<slug:suffix>/", views.export, name="export"),
    path("workspace/exhibits/<int:pk>/", views.exhibit, name="exhibit"),
    path("workspace/leads/<int:pk>/", views.lead, name="lead"),
    path("workspace/fairs/<str:code>/halls/", views.halls, name="halls"),
    path("workspace/fairs/<str:code>/halls/<int:pk>/", views.hall, name="hall"),
    path("workspace/fairs/<str:code>/exhibitors/", views.applications, name="applications"),
    path("workspace/fairs/<str:code>/exhibitors/<int:pk>/", views.application, name="application"),
    path(
        "workspace/fairs/<str:code>/exhibitors/<int:pk>/do/<slug:action>/",
        views.decide,
        name="decide",
    ),
    path("workspace/fairs/<str:code>/exhibition/", views.settings, name="settings"),
]
