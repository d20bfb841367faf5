# Texts to a number are answered by a Vapi assistant, until `pulumi destroy` puts the old handler back.
terraform {
  required_providers {
    vapi-sms = { source = "pulumi/vapi-sms", version = "0.1.0" }
  }
}

variable "assistant" { # `pulumi config set assistant Sales` makes it another one
  type    = string
  default = "Support"
}

resource "vapi-sms_number" "support" {
  number    = "+14155550100"
  assistant = var.assistant
}

output "texts_answered_by" {
  value = vapi-sms_number.support.answered_by
}
