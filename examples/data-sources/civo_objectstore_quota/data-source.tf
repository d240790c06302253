data "civo_objectstore_quota" "current" {}

# Warn before the quota is exhausted. Check blocks require Terraform 1.5 or later.
check "quota" {
  assert {
    condition     = data.civo_objectstore_quota.current.used_gb <= 0.8 * data.civo_objectstore_quota.current.limit_gb
    error_message = "More than 80% of the quota for object storage is in use."
  }
}
