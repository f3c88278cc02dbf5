"""No addresses at all."""

urlpatterns = []
