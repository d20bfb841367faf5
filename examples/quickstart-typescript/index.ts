// Texts to a number are answered by a Vapi assistant, until `pulumi destroy` puts the old handler back.
import * as pulumi from "@pulumi/pulumi";
import * as vapiSms from "vapi-sms";

// `pulumi config set assistant Sales` makes it another one.
const assistant = new pulumi.Config().get("assistant") ?? "Support";

const support = new vapiSms.Number("support", { number: "+14155550100", assistant });

export const textsAnsweredBy = support.answeredBy;
