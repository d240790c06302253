# By ID, in the provider's region.
terraform import civo_objectstore_credential.backups 00000000-0000-4000-8000-000000000001

# By region and ID, in any region.
terraform import civo_objectstore_credential.backups LON1/00000000-0000-4000-8000-000000000001
