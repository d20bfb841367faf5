// Texts to a number are answered by a Vapi assistant, until `pulumi destroy` puts the old handler back.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"vapi-sms/sdk/go/vapisms"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// `pulumi config set assistant Sales` makes it another one.
		assistant := config.Get(ctx, "assistant")
		if assistant == "" {
			assistant = "Support"
		}
		support, err := vapisms.NewNumber(ctx, "support", &vapisms.NumberArgs{
			Number:    pulumi.String("+14155550100"),
			Assistant: pulumi.String(assistant),
		})
		if err != nil {
			return err
		}
		ctx.Export("textsAnsweredBy", support.AnsweredBy)
		return nil
	})
}
