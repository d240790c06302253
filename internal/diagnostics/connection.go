// Advice about connections to the API that failed.

package diagnostics

import "github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"

// connections contains the advice for each reason why Civo sent no response.
var connections = map[civo.Connection]string{
	civo.ConnectionUnknown: tryAgain,
	civo.ConnectionRefused: "Nothing accepts connections at this address. Check the host and the port of the API endpoint, and whether a firewall blocks the connection.",
	civo.ConnectionRefusedLoopback: "Nothing accepts connections at this address of this machine. If the endpoint is the simulator, the simulator is probably not running. " +
		"Start it with make sim, and set the environment variables that it prints. To use Civo instead, remove the endpoint from the configuration.",
	civo.ConnectionNoAddress: "The host name has no address. Check the spelling of the API endpoint, and the network connection of this machine.",
	civo.ConnectionNoTLS:     "The server does not speak TLS. Check the host and the port of the API endpoint. A URL with https requires a server that speaks TLS at this port.",
	civo.ConnectionUntrusted: "The certificate of the server was issued by an authority that this machine does not trust, such as the authority of a private region or " +
		"of a proxy. If you trust the authority, write its certificate to a file in PEM format, and set the environment variable SSL_CERT_FILE to the path of the file. " +
		"On macOS and Windows, add the certificate to the certificates that the system trusts instead.",
	civo.ConnectionCertificate: "The server has no valid certificate for this host name. Check the host of the API endpoint, and the clock of this machine.",
	civo.ConnectionProxy:       "Check the environment variables HTTPS_PROXY and NO_PROXY. They determine the proxy that the provider uses.",
	civo.ConnectionProxyPassword: "Add the user name and the password to the environment variable HTTPS_PROXY, as in http://USER:PASSWORD@proxy.example.com:3128. " +
		"To connect without the proxy, add the host of the API endpoint to NO_PROXY.",
}

// endpointNote names the API endpoint and its source, if the error is about the connection or the token.
func endpointNote(e *civo.Error) string {
	switch {
	case e.Sources.Endpoint == "":
		return ""
	case e.Kind == civo.KindUnauthorized && e.Sources.Token != "":
		return "The token is from " + e.Sources.Token + ". The API endpoint is " + e.Sources.Endpoint + "."
	case e.Kind == civo.KindUnauthorized, e.Kind == civo.KindUnavailable && e.Status == 0, e.Kind == civo.KindUnexpected:
		return "The API endpoint is " + e.Sources.Endpoint + "."
	}
	return ""
}
