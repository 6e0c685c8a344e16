app_name = "exhibition"
urlpatterns: list = []
