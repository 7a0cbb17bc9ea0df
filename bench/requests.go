package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/bench/baseline"
	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

const (
	merchantNo  = baseline.MerchantNo
	merchantKey = baseline.MerchantKey
)

// form is the four parameters of §3, signed now.
func form(data string) string { return formAs(merchantNo, data) }

// formAs is of another merchant with the same key.
func formAs(merchantNo, data string) string {
	stamp := time.Now().In(zone.Shanghai).Format(zone.StampLayout)
	return url.Values{
		"merchant_no": {merchantNo}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, merchantKey, stamp)},
	}.Encode()
}

// wire is a signed request as the bytes that are sent.
func wire(endpoint, data string) []byte { return wireAs(merchantNo, endpoint, data) }

// wireAs is of another merchant with the same key.
func wireAs(merchantNo, endpoint, data string) []byte {
	row, _ := schemas.Lookup(endpoint)
	body := formAs(merchantNo, data)
	if row.Method == http.MethodGet {
		return fmt.Appendf(nil, "GET %s%s?%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", schemas.PathPrefix, endpoint, body)
	}
	return fmt.Appendf(nil, "POST %s%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		schemas.PathPrefix, endpoint, len(body), body)
}

// ask makes one call of the platform and gives its data.
func (c *child) ask(ctx context.Context, endpoint, data string, into any) error {
	row, _ := schemas.Lookup(endpoint)
	target, body := "http://"+c.addr+schemas.PathPrefix+endpoint, form(data)
	var reader io.Reader = strings.NewReader(body)
	if row.Method == http.MethodGet {
		target, reader = target+"?"+body, http.NoBody
	}
	req, err := http.NewRequestWithContext(ctx, row.Method, target, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return exchange(req, func(text []byte) error {
		var answer struct {
			Code int             `json:"code"`
			Data json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(text, &answer); err != nil || answer.Code != 0 {
			return fmt.Errorf("%s: %s", endpoint, text)
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(answer.Data, into)
	})
}

// admin makes one call of the control API, of the sandbox default.
func (c *child) admin(ctx context.Context, method, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(path, "/__admin") {
		path = "/__admin/sandboxes/default" + path
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.addr+path, strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return exchange(req, func([]byte) error { return nil })
}

func exchange(req *http.Request, read func([]byte) error) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s: %s", req.Method, req.URL.Path, res.Status, text)
	}
	return read(text)
}

// workload is the requests of each endpoint, and of a mixed day, for a mock that was made ready.
type workload struct {
	signIns  [][]byte // of many phones
	names    []string
	requests map[string][][]byte
}

func (w *workload) add(name string, requests ...[]byte) {
	w.names = append(w.names, name)
	w.requests[name] = requests
}

// prepare signs a user in, binds and parks cars, and makes the requests.
func prepare(ctx context.Context, c *child) (*workload, error) {
	const plate = "渝ATX061"
	if err := c.admin(ctx, http.MethodPatch, "/rules", map[string]any{"sms.interval": "0s"}); err != nil {
		return nil, err
	}
	var user struct{ Token string }
	if err := c.ask(ctx, "usersigin", `{"mobilePhone":"13800000001","appId":"ETCP"}`, &user); err != nil {
		return nil, err
	}
	bind := `{"token":"` + user.Token + `","plateNumber":"` + plate + `"}`
	if err := c.ask(ctx, "bindcar", bind, nil); err != nil {
		return nil, err
	}
	at := time.Now().Add(-time.Second)
	if err := c.admin(ctx, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1"}); err != nil {
		return nil, err
	}
	if err := c.admin(ctx, http.MethodPost, "/clock/advance", map[string]any{"by": "90m"}); err != nil {
		return nil, err
	}
	var due []struct {
		OrderID, VerificationInfo string
		RemainingFee              float64
	}
	if err := c.ask(ctx, "orderunpay", bind, &due); err != nil {
		return nil, err
	}
	if len(due) != 1 {
		return nil, fmt.Errorf("orderunpay: %d orders, want the one that is parked", len(due))
	}
	pay := fmt.Sprintf(`{"token":"%s","orderId":"%s","externalOrderId":"E1","payment":"%g","payTime":"%s","verificationInfo":"%s"}`,
		user.Token, due[0].OrderID, due[0].RemainingFee, at.In(zone.Shanghai).Format(time.DateTime), due[0].VerificationInfo)
	if err := c.ask(ctx, "orderpaid", pay, nil); err != nil {
		return nil, err
	}
	token := `{"token":"` + user.Token + `"}`
	w := &workload{requests: map[string][][]byte{}}
	w.add("uservalidatecode", wire("uservalidatecode", `{"mobilePhone":"13800000002"}`))
	w.add("userlogin (20203)", wire("userlogin", `{"mobilePhone":"13800000003","code":"000000","appId":"ETCP"}`))
	w.add("usersigin", wire("usersigin", `{"mobilePhone":"13800000004","appId":"ETCP"}`))
	w.add("bindcar", wire("bindcar", bind))
	w.add("unbindcar (20100)", wire("unbindcar", `{"token":"`+user.Token+`","plateNumber":"渝B00000"}`))
	w.add("orderhistory", wire("orderhistory", token))
	w.add("orderunpay", wire("orderunpay", bind))
	w.add("orderpaid (retry)", wire("orderpaid", pay))
	w.add("carretrieve", wire("carretrieve", `{"token":"`+user.Token+`","plateNumber":"`+plate+`","carFrameNum":"LVSHBFDC7RF414158","carEngineNum":"DA01991"}`))
	w.add("surroundingparking", wire("surroundingparking", `{"lat":"29.563","lon":"106.551","radius":"1000"}`))
	w.add("parkingstatus", wire("parkingstatus", `{"parkingId":"1"}`))
	w.add("carnum", wire("carnum", token))
	for i := range 1000 {
		w.signIns = append(w.signIns, wire("usersigin", fmt.Sprintf(`{"mobilePhone":"137%08d","appId":"ETCP"}`, i)))
	}
	var day [][]byte
	for _, name := range w.names {
		day = append(day, w.requests[name]...)
	}
	w.add("a mixed day", day...)
	return w, nil
}
