# The creation of the resource runs another plan. It must fail, because the apply holds the lock of the state.
resource "terraform_data" "lock" {
  provisioner "local-exec" {
    command = "! \"$TERRAFORM\" plan > locked 2>&1"
  }
}
