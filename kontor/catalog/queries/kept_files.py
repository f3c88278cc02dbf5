"""Which files of the store rows name."""

from collections.abc import Iterator

from kontor.catalog.models import Medium


def named_files() -> Iterator[str]:
    """The file of each picture and document, once, by name."""
    kept = Medium.objects.exclude(file="").order_by("file").values_list("file", flat=True)
    yield from kept.distinct().iterator()


def pictures_without_sizes() -> Iterator[Medium]:
    """Pictures of an earlier version, of which there is one small size only."""
    old = Medium.objects.filter(kind=Medium.Kind.PICTURE, file__endswith=".webp")
    yield from old.exclude(file__regex=r"-\d+x\d+\.webp$").select_related("product").order_by("id").iterator()
