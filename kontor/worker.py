def ready(app):
    pass
