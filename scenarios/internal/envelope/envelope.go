// Package envelope makes the request of a call: the envelope of §5 and what a step overrides of it on purpose.
package envelope

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Method is the form of an HTTP method.
var Method = &syntax.Form{Want: "method", Kind: syntax.TextKind, OneOf: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}}

// Form is what a call overrides of the envelope.
var Form = syntax.Object("what is overridden of the request",
	syntax.Optional("sign", template.Text, "Sent as sign in place of the right one. {sign} in it is the right one, {lower} that in lower case, {half} its first half, {middle} the sixteen characters in its middle, {begin} all but its last character, {end} all but its first."),
	syntax.Optional("signed", template.Text, "The text that is hashed in place of {data}{key}{time_stamp}; these may stand in it."),
	syntax.Optional("timeStamp", template.Text, "time_stamp as yyyyMMddHHmmss, or how far from now: -11m, +11m. It is signed."),
	syntax.Optional("merchantNo", template.Text, "Sent as merchant_no."),
	syntax.Optional("key", template.Text, "Signs in place of the merchant's key."),
	syntax.Optional("method", Method, "The HTTP method, in place of the endpoint's."),
	syntax.Optional("version", template.Text, "In the path, in place of 1.0.0."),
	syntax.Optional("rawData", template.Text, "Sent as data, as it is; it is signed."),
	syntax.Optional("encodedData", template.Text, "Sent as data as it stands here, URL-encoded; what it decodes to, any bytes, is signed."),
	syntax.Optional("omit", syntax.List(&syntax.Form{Want: "parameter", Kind: syntax.TextKind, OneOf: transport.Parameters}, "a list of parameters"), "Parameters that are not sent."),
	syntax.Optional("query", template.Text, "The whole query. {params} in it are the four parameters, {data} and the others one of them, URL-encoded."),
	syntax.Optional("body", template.Text, "The whole body, likewise."),
	syntax.Optional("size", &syntax.Form{Want: "a whole number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: 1, Most: 16 << 20}}, "Bytes of a POST's body, which is filled up with a parameter that nobody knows."),
	syntax.Optional("headers", &syntax.Form{Want: "a mapping of headers", Kind: syntax.ObjectKind, Each: template.Text}, "Headers, in place of those of that name; an empty one is not sent."))

// Call is what a request is made of.
type Call struct {
	Endpoint       string
	Data, Override *template.Value // nil: none
	Vars           map[string]any
	Key            string           // of the merchant that calls
	Now            func() time.Time // of the envelope
}

var relativeStamp = lazyregexp.New(`^[+-].*[a-zµ]$`)

// Request makes the request, and what changes it on its way where the step says so; nil: nothing.
func (c *Call) Request() (client.Request, *transport.Rewrite, error) {
	req := client.Request{Endpoint: c.Endpoint, RawData: "{}"}
	if c.Data != nil {
		var text bytes.Buffer
		if err := c.Data.WriteJSON(&text, c.Vars); err != nil {
			return req, nil, err
		}
		req.RawData = text.String()
	}
	if c.Override == nil {
		return req, nil, nil
	}
	if err := c.override(&req); err != nil {
		return req, nil, err
	}
	w, err := c.rewrite()
	if err != nil {
		return req, nil, err
	}
	if w != nil && w.Data != nil {
		if req.RawData, err = url.QueryUnescape(*w.Data); err != nil {
			return req, nil, template.At(c.Override.Find("encodedData").Position, err)
		}
	}
	return req, w, c.resign(&req)
}

// override reads the parts that are sent in place of the right ones.
func (c *Call) override(req *client.Request) error {
	for name, to := range map[string]*string{
		"sign": &req.Sign, "timeStamp": &req.TimeStamp, "merchantNo": &req.MerchantNo, "key": &req.Key,
		"method": &req.Method, "version": &req.Version, "rawData": &req.RawData,
	} {
		t := c.Override.Find(name)
		if t == nil {
			continue
		}
		text, err := t.Text(c.Vars)
		if err != nil {
			return err
		}
		*to = text
		if text != "" {
			continue
		}
		// An empty text is sent as such.
		parameter := map[string]string{"sign": "sign", "timeStamp": "time_stamp", "merchantNo": "merchant_no", "rawData": "data"}[name]
		if parameter != "" {
			if req.Params == nil {
				req.Params = map[string]string{}
			}
			req.Params[parameter] = ""
		}
	}
	if relativeStamp().MatchString(req.TimeStamp) {
		d, err := control.ParseDuration(req.TimeStamp[1:])
		if err != nil {
			return template.At(c.Override.Find("timeStamp").Position, err)
		}
		if req.TimeStamp[0] == '-' {
			d = -d
		}
		req.TimeStamp = c.Now().Add(d).In(client.Zone).Format(client.StampLayout)
	}
	if omit := c.Override.Find("omit"); omit != nil {
		for _, item := range omit.Items {
			req.Omit = append(req.Omit, item.Literal.(string)) // by its form
		}
	}
	return nil
}

// resign computes a signature that is said by what is hashed, or by the right one.
func (c *Call) resign(req *client.Request) error {
	signed := c.Override.Find("signed")
	if signed == nil && !strings.Contains(req.Sign, "{") {
		return nil
	}
	key := c.Key
	if req.Key != "" {
		key = req.Key
	}
	if req.TimeStamp == "" {
		req.TimeStamp = c.Now().In(client.Zone).Format(client.StampLayout)
	}
	right := sign.Request(req.RawData, key, req.TimeStamp)
	if signed != nil {
		text, err := signed.Text(c.Vars)
		if err != nil {
			return err
		}
		sum := md5.Sum([]byte(strings.NewReplacer("{data}", req.RawData, "{key}", key, "{time_stamp}", req.TimeStamp).Replace(text)))
		right = strings.ToUpper(hex.EncodeToString(sum[:]))
	}
	if req.Sign == "" {
		req.Sign = "{sign}"
	}
	req.Sign = strings.NewReplacer("{sign}", right, "{lower}", strings.ToLower(right), "{half}", right[:len(right)/2], "{middle}", right[8:24], "{begin}", right[:len(right)-1], "{end}", right[1:]).Replace(req.Sign)
	return nil
}

// rewrite is what changes the request once it is made; nil: nothing.
func (c *Call) rewrite() (*transport.Rewrite, error) {
	w := &transport.Rewrite{Headers: map[string]string{}}
	used := false
	for name, to := range map[string]**string{"encodedData": &w.Data, "query": &w.Query, "body": &w.Body} {
		t := c.Override.Find(name)
		if t == nil {
			continue
		}
		text, err := t.Text(c.Vars)
		if err != nil {
			return nil, err
		}
		*to, used = &text, true
	}
	if size := c.Override.Find("size"); size != nil {
		value, err := size.Eval(c.Vars)
		if err != nil {
			return nil, err
		}
		w.Size, used = value.(int), true // by its form
	}
	if headers := c.Override.Find("headers"); headers != nil {
		for _, m := range headers.Members {
			text, err := m.Value.Text(c.Vars)
			if err != nil {
				return nil, err
			}
			w.Headers[m.Name], used = text, true
		}
	}
	if !used {
		return nil, nil
	}
	return w, nil
}
