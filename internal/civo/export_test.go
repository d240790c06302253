package civo

import "net/http"

// WrapTransport replaces the transport of a client, for the tests of other packages.
func (c *Client) WrapTransport(wrap func(http.RoundTripper) http.RoundTripper) { c.base = wrap(c.base) }
