package client

import (
	"context"
	"fmt"
)

// EndpointUserValidateCode is what [Client.UserValidateCode] asks (§9.1), the last element of its path.
const EndpointUserValidateCode = "uservalidatecode"

var _ = get(EndpointUserValidateCode)

// UserValidateCode has a code sent to a phone by SMS (§9.1). Again within a minute: [ErrSMSFailed]. No phone number:
// [ErrBadPhone].
func (c *Client) UserValidateCode(ctx context.Context, mobilePhone string) error {
	return c.send(ctx, EndpointUserValidateCode, struct {
		MobilePhone string `json:"mobilePhone"`
	}{mobilePhone})
}

// Login is what [Client.UserLogin] takes.
type Login struct {
	MobilePhone string `json:"mobilePhone"`
	Code        string `json:"code"`  // from the SMS
	AppID       string `json:"appId"` // the channel, of the merchant's choosing
}

// EndpointUserLogin is what [Client.UserLogin] asks (§9.2), the last element of its path.
const EndpointUserLogin = "userlogin"

// UserLogin logs a user in with the code of an SMS (§9.2) and gives the token, which lasts a day and voids the
// user's earlier ones. A code that is wrong, used or too old: [ErrWrongSMSCode].
func (c *Client) UserLogin(ctx context.Context, in Login) (token string, err error) {
	return c.token(ctx, EndpointUserLogin, in)
}

// Signin is what [Client.UserSignin] takes.
type Signin struct {
	MobilePhone string `json:"mobilePhone"`
	AppID       string `json:"appId"`
	CarNumber   string `json:"carNumber,omitempty"` // in the example of §9.3, not in its table
}

// EndpointUserSignin is what [Client.UserSignin] asks (§9.3: the spelling is the platform's), the last element of its path.
const EndpointUserSignin = "usersigin"

// UserSignin logs in a user whom the merchant vouches for, without an SMS (§9.3), and gives the token.
func (c *Client) UserSignin(ctx context.Context, in Signin) (token string, err error) {
	return c.token(ctx, EndpointUserSignin, in)
}

func (c *Client) token(ctx context.Context, endpoint string, in any) (string, error) {
	out, err := call[struct {
		Token string `json:"token"`
	}](ctx, c, endpoint, in)
	if err == nil && out.Token == "" {
		err = fmt.Errorf("etcp %s: %w: no token", endpoint, ErrUnexpectedData)
	}
	return out.Token, err
}
