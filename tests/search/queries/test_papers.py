from datetime import timedelta

from kontor.catalog.models import Medium, Product
from kontor.kernel import clock
from kontor.search.queries import product_detail
from kontor.search.queries.viewer import Viewer


def test_a_document_is_shown_on_the_days_on_which_it_counts(bolt: Product):
    today, day = clock.today(), timedelta(days=1)
    for title, first, last in (
        ("always", None, None),
        ("just now", today, today),
        ("over", None, today - day),
        ("to come", today + day, None),
    ):
        Medium.objects.create(
            product=bolt, kind="certificate", title=title, media_type="application/pdf", file=f"ab/{title}.pdf",
            valid_from=first, valid_until=last, url="https://video.example/1" if title == "always" else "",
        )  # fmt: skip
    found = product_detail(Viewer(), bolt.pk)

    assert found is not None
    assert [(one.title, one.url) for one in found.documents if one.kind == "certificate"] == [
        ("always", "https://video.example/1"), ("just now", ""),
    ]  # fmt: skip
