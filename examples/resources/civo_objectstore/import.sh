# Import by ID or name from the provider's region.
terraform import civo_objectstore.imported 00000000-0000-4000-8000-000000000002
terraform import civo_objectstore.imported demo-store

# Import from another region.
terraform import civo_objectstore.imported LON1/00000000-0000-4000-8000-000000000002
terraform import civo_objectstore.imported LON1/demo-store
