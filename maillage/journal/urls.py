from __future__ import annotations

from django.urls import path

from maillage.journal import views

urlpatterns = [
    path("messages/arreter/<str:token>/", views.stop, name="message-stop"),
    path("mon-compte/messages/", views.my_messages, name="my-messages"),
]
