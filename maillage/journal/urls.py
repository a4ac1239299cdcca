from __future__ import annotations

from django.urls import path

from maillage.journal import my_data, views

urlpatterns = [
    path("messages/arreter/<str:token>/", views.stop, name="message-stop"),
    path("mon-compte/messages/", views.my_messages, name="my-messages"),
    path("mes-donnees/", my_data.my_data, name="my-data"),
    path("mes-donnees/emporter.zip", my_data.export, name="my-data-export"),
    path("mes-donnees/effacer/", my_data.erase_me, name="my-data-erase"),
    path("donnees-effacees/", my_data.erased, name="erased"),
]
