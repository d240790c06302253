// Advice about connections to the API that failed.

package diagnostics

import "github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"

// connections contains the advice for each reason why Civo sent no response.
var connections = map[civo.Connection]string{
	civo.ConnectionUnknown: tryAgain,
	civo.ConnectionRefused: "Nothing accepts connections at this address. Check the host and the port of the API endpoint, and whether a firewall blocks the connection.",
	civo.ConnectionRefusedLoopback: "No program on this machine accepts connections at this address. If you use the Civo API simulator, start the simulator, and set the " +
		"environment variables that it prints. Arguments in the provider block take precedence over these variables. To use Civo instead, remove the API endpoint " +
		"from the source named above, and use a Civo API key as the token.",
	civo.ConnectionNoAddress: "The host name of the API endpoint does not resolve to an address. Check the spelling of the host name, the network connection, and the DNS settings of this machine.",
	civo.ConnectionNoTLS:     "The server does not use TLS on this port. Check the host and the port of the API endpoint. An https URL requires a server that uses TLS.",
	civo.ConnectionUntrusted: "This machine does not trust the certificate authority (CA) that issued the server's certificate. A private region or a proxy can use its own CA. " +
		"If you trust the CA, add its certificate to this machine. On Linux, save the certificate as a PEM file, and set the environment variable SSL_CERT_FILE to the path of the file. " +
		"On macOS and Windows, add the certificate to the system's trusted certificates.",
	civo.ConnectionCertificate: "The server's certificate does not match this host name, or is not valid at the current time. Check the host of the API endpoint and the clock of this machine.",
	civo.ConnectionProxy: "The environment variable HTTPS_PROXY selects the proxy. Check that the URL of the proxy is correct, and that the proxy allows connections to the API endpoint. " +
		"To connect without the proxy, add the host of the API endpoint to NO_PROXY.",
	civo.ConnectionProxyPassword: "Set a valid user name and password in the environment variable HTTPS_PROXY, for example http://USER:PASSWORD@proxy.example.com:3128. " +
		"Percent-encode special characters. " +
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
