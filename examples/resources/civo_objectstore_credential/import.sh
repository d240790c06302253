# Import by ID, name, or access key ID from the provider's region.
terraform import civo_objectstore_credential.imported 00000000-0000-4000-8000-000000000001
terraform import civo_objectstore_credential.imported demo-credential
terraform import civo_objectstore_credential.imported DEMOACCESSKEY0000001

# Import from another region.
terraform import civo_objectstore_credential.imported LON1/00000000-0000-4000-8000-000000000001
terraform import civo_objectstore_credential.imported LON1/demo-credential
terraform import civo_objectstore_credential.imported LON1/DEMOACCESSKEY0000001
