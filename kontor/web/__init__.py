"""What all pages share: the design system, how a page or its fragment is answered, numbers and dates as people of a
language write them, security headers, and the request's id. Not pages of an office: those are in `storefront` and
`backoffice`; this floor knows no product, order or price."""
