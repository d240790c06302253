ephemeral "civo_objectstore_credential" "by_access_key_id" {
  access_key_id = "DEMOACCESSKEY0000001"
  region        = "LON1"

  # Wait at most one minute for a credential that is not ready yet.
  timeouts {
    open = "1m"
  }
}
