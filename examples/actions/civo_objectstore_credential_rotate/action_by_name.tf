action "civo_objectstore_credential_rotate" "demo" {
  config {
    name   = "demo-credential"
    region = "LON1"

    timeouts {
      invoke = "1m"
    }
  }
}
