package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

const (
	merchantNo = "9827c6b5c6d94485b912b6e90c92a7ae"
	key        = "noxxxxx"
)

// noon is 2017-07-21 13:24:52 in Asia/Shanghai, §3.2's own example.
var noon = time.Date(2017, 7, 21, 5, 24, 52, 0, time.UTC)

// received is a request as the platform reads it.
type received struct {
	Method, Path, ContentType string
	Params                    url.Values
}

func (r received) data() string { return r.Params.Get("data") }

// platform answers every request with answer, and notes what it got. The parameters are read as §5 says: GET from the
// query, POST from the body.
func platform(t *testing.T, answer string) (*client.Client, *received) {
	t.Helper()
	got := &received{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		*got = received{Method: r.Method, Path: r.URL.Path, ContentType: r.Header.Get("Content-Type"), Params: r.URL.Query()}
		if r.Method == http.MethodPost {
			assert.Empty(t, r.URL.RawQuery, "a POST's parameters belong into its body")
			got.Params, err = url.ParseQuery(string(body))
			assert.NoError(t, err)
		}
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return client.New(server.URL+"/", merchantNo, key, client.WithClock(func() time.Time { return noon })), got
}

// The answers are the examples of §9, without the extraction's stray spaces.
func TestEndpoints(t *testing.T) {
	const (
		ok       = `{"code": 0, "message": "ok"}`
		okToken  = `{"code":0,"data":{"token":"0b59582d-ea6f-4bf1-a570-e803cc24ebe0"},"message":"ok"}`
		token    = "0b59582d-ea6f-4bf1-a570-e803cc24ebe0"
		sealed   = "FSED9JvxgAU6XJUd8YRF5YH/LpfQYzCAfcPbAOKPV3BjKSatbgIsh7EBH2JBiRoGBe3btr"
		okUnpay  = `{"code":0,"data":[{"carNumber":"渝****87","entranceTime":"2017-06-11 11:19:27","exitTime":"2017-06-11 11:59:47","orderId":"B9466E26-7420-4BDF-958D-E90106AB5F20","parkingFee":2,"parkingId":3126,"parkingName":"ETCP 停车场","remainingFee":2.5,"verificationInfo":"` + sealed + `"}],"message":"ok"}`
		okHist   = `{"code":0,"message":"ok","data":[{"parkingName":"测试车场","entranceTime":"2017-06-10 16:27:30","exitTime":"2017-06-10 19:27:30","parkingFee":"5.5","actual":"0.0","parkingId":"10361002","orderId":"B6269DE8-03A0-4560-8EAF-000000C5FF6A","carNumber":"京MZ1173"}]}`
		okPaid   = `{"code":0,"data":{"externalOrderId":"20170612095857258937","orderId":"58231364","payOrderId":"no201707120958582728978","payTime":"2017-06-12 09:58:58","payment":8},"message":"支付通知成功"}`
		okList   = `{"code":0,"message":"ok","data":{"list":[{"id":"123456","parkingName":"莆田万达广场","type":"ss","minFreeTime":"15","avgCostPrecise":"10","parkingType":"8","distance":"0m","lon":"119.0029","lat":"25.424324"}],"scrollId":"cXVlcn"}}`
		okStatus = `{"code":0,"message":"ok","data":{"totalSpace":"114","time":"2017-09-04 22:37:14","status":"充足"}}`
	)
	at := func(text string) client.Time {
		parsed, err := client.ParseTime(text)
		require.NoError(t, err)
		return parsed
	}
	for _, tt := range []struct {
		endpoint, method, data, answer string
		call                           func(context.Context, *client.Client) (any, error)
		want                           any
	}{
		{
			"uservalidatecode", "GET", `{"mobilePhone":"13800000001"}`, ok,
			func(ctx context.Context, c *client.Client) (any, error) {
				return nil, c.UserValidateCode(ctx, "13800000001")
			}, nil,
		},
		{
			"userlogin", "POST", `{"mobilePhone":"13800000001","code":"562371","appId":"ETCP"}`, okToken,
			func(ctx context.Context, c *client.Client) (any, error) {
				return c.UserLogin(ctx, client.Login{MobilePhone: "13800000001", Code: "562371", AppID: "ETCP"})
			}, token,
		},
		{
			"usersigin", "POST", `{"mobilePhone":"13508381199","appId":"ETCP","carNumber":"渝AJS537"}`, okToken,
			func(ctx context.Context, c *client.Client) (any, error) {
				return c.UserSignin(ctx, client.Signin{MobilePhone: "13508381199", AppID: "ETCP", CarNumber: "渝AJS537"})
			}, token,
		},
		{
			"bindcar", "POST", `{"token":"t","plateNumber":"渝B757D0","plateColor":"2"}`, ok,
			func(ctx context.Context, c *client.Client) (any, error) {
				return nil, c.BindCar(ctx, client.Binding{Token: "t", PlateNumber: "渝B757D0", PlateColor: client.Black})
			}, nil,
		},
		{
			"unbindcar", "POST", `{"token":"t","plateNumber":"京F43264"}`, ok,
			func(ctx context.Context, c *client.Client) (any, error) {
				return nil, c.UnbindCar(ctx, "t", "京F43264")
			}, nil,
		},
		{
			"orderhistory", "GET", `{"token":"t"}`, okHist,
			func(ctx context.Context, c *client.Client) (any, error) { return c.OrderHistory(ctx, "t") },
			[]client.HistoryOrder{{
				OrderID: "B6269DE8-03A0-4560-8EAF-000000C5FF6A", CarNumber: "京MZ1173", ParkingID: "10361002", ParkingName: "测试车场",
				EntranceTime: at("2017-06-10 16:27:30"), ExitTime: at("2017-06-10 19:27:30"), ParkingFee: 550,
			}},
		},
		{
			"orderunpay", "GET", `{"token":"t","plateNumber":"渝DE3787"}`, okUnpay,
			func(ctx context.Context, c *client.Client) (any, error) {
				return c.OrderUnpay(ctx, client.UnpayQuery{Token: "t", PlateNumber: "渝DE3787"})
			},
			[]client.UnpaidOrder{{
				OrderID: "B9466E26-7420-4BDF-958D-E90106AB5F20", CarNumber: "渝****87", ParkingID: "3126", ParkingName: "ETCP 停车场",
				EntranceTime: at("2017-06-11 11:19:27"), ExitTime: at("2017-06-11 11:59:47"), ParkingFee: 200, RemainingFee: 250, VerificationInfo: sealed,
			}},
		},
		{
			"orderpaid", "POST",
			`{"token":"t","orderId":"58231364","externalOrderId":"20170612095857258937","payment":"8.0","payTime":"2017-06-12 09:58:58","verificationInfo":"a<b>&c"}`, okPaid,
			func(ctx context.Context, c *client.Client) (any, error) {
				return c.OrderPaid(ctx, client.Payment{
					Token: "t", OrderID: "58231364", ExternalOrderID: "20170612095857258937", Payment: 8 * client.Yuan,
					PayTime: at("2017-06-12 09:58:58"), VerificationInfo: "a<b>&c",
				})
			},
			client.Receipt{
				OrderID: "58231364", ExternalOrderID: "20170612095857258937", PayOrderID: "no201707120958582728978",
				Payment: 800, PayTime: at("2017-06-12 09:58:58"),
			},
		},
		{
			"carretrieve", "POST",
			`{"token":"t","plateNumber":"京A23333","carFrameNum":"LVSHBFDC7RF414158","carEngineNum":"DA01991","plateColor":"1"}`, ok,
			func(ctx context.Context, c *client.Client) (any, error) {
				return nil, c.CarRetrieve(ctx, client.Retrieval{
					Token: "t", PlateNumber: "京A23333", CarFrameNum: "LVSHBFDC7RF414158", CarEngineNum: "DA01991", PlateColor: client.Blue,
				})
			}, nil,
		},
		{
			"surroundingparking", "POST", `{"lat":"39.87274","lon":"116.429718","radius":"500","payType":"1"}`, okList,
			func(ctx context.Context, c *client.Client) (any, error) {
				return c.SurroundingParking(ctx, client.ParkingQuery{Lat: "39.87274", Lon: "116.429718", Radius: "500", PayType: "1"})
			},
			client.ParkingPage{ScrollID: "cXVlcn", List: []client.Parking{{
				ID: "123456", ParkingName: "莆田万达广场", Type: "ss", MinFreeTime: 15, AvgCostPrecise: "10",
				ParkingType: "8", Distance: "0m", Lon: "119.0029", Lat: "25.424324",
			}}},
		},
		{
			"parkingstatus", "POST", `{"parkingId":"123456"}`, okStatus,
			func(ctx context.Context, c *client.Client) (any, error) { return c.ParkingStatus(ctx, "123456") },
			client.ParkingStatus{TotalSpace: 114, Time: at("2017-09-04 22:37:14"), Status: "充足"},
		},
		{
			"carnum", "GET", `{"token":"t"}`, `{"code":0,"message":"ok","data":{"number":0}}`,
			func(ctx context.Context, c *client.Client) (any, error) { return c.CarNum(ctx, "t") }, 0,
		},
	} {
		t.Run(tt.endpoint, func(t *testing.T) {
			c, got := platform(t, tt.answer)
			out, err := tt.call(t.Context(), c)
			require.NoError(t, err)
			assert.Equal(t, tt.want, out)
			assert.Equal(t, tt.method, got.Method)
			assert.Equal(t, schemas.PathPrefix+tt.endpoint, got.Path)
			assert.Equal(t, tt.data, got.data())
			assert.Equal(t, merchantNo, got.Params.Get("merchant_no"))
			assert.Equal(t, "20170721132452", got.Params.Get("time_stamp"))
			assert.Equal(t, sign.Request(tt.data, key, "20170721132452"), got.Params.Get("sign"))
			assert.Len(t, got.Params, 4)
			if tt.method == http.MethodPost {
				assert.Equal(t, "application/x-www-form-urlencoded;charset=utf-8", got.ContentType)
			}

			c, _ = platform(t, `{"code":20101,"message":"无效 token"}`)
			_, err = tt.call(t.Context(), c)
			assert.Equal(t, &client.Error{Endpoint: tt.endpoint, Code: 20101, Message: "无效 token"}, err)
			require.ErrorIs(t, err, client.ErrInvalidToken)
			require.NotErrorIs(t, err, client.ErrFailed)
		})
	}
}

func TestEndpoints_areThoseOfTheTable(t *testing.T) {
	for _, e := range schemas.Endpoints() {
		assert.Equal(t, e.Method, client.Method(e.Name), e.Name)
	}
	assert.True(t, strings.HasPrefix(schemas.PathPrefix, "/merchant/open/"+client.Version+"/"))
}

func TestErrors_haveASentinelForEachCode(t *testing.T) {
	sentinels := []error{
		client.ErrFailed, client.ErrServerError, client.ErrTimestampExpired, client.ErrBadSignature, client.ErrUnknownMerchant,
		client.ErrBadParameter, client.ErrOrderUpdateFailed, client.ErrOrderCreateFailed, client.ErrOperationFailed,
		client.ErrInvalidToken, client.ErrMissingParameter, client.ErrBadPhone, client.ErrSMSFailed, client.ErrWrongSMSCode,
		client.ErrWrongAmount, client.ErrBoundByOther, client.ErrTooManyBound, client.ErrTooManyBoundInAMonth,
	}
	codes := schemas.Codes()[1:]
	require.Len(t, sentinels, len(codes))
	for i, code := range codes {
		for j, sentinel := range sentinels {
			assert.Equal(t, i == j, errors.Is(&client.Error{Endpoint: "e", Code: code.Code, Message: "m"}, sentinel), "%d %v", code.Code, sentinel)
		}
	}
}

func TestError_saysWhere(t *testing.T) {
	err := &client.Error{Endpoint: "bindcar", Code: 20802, Message: "该车辆已被他人绑定", Reason: "plate-bound-by-other"}
	assert.EqualError(t, err, "etcp bindcar: code 20802: 该车辆已被他人绑定 (plate-bound-by-other)")
	assert.ErrorIs(t, err, &client.Error{Code: 20802})
	assert.NotErrorIs(t, err, &client.Error{Code: 20802, Reason: "other"})
}

func TestSend_overridesTheEnvelope(t *testing.T) {
	const stamp = "20170721132452"
	honest := func() url.Values {
		return url.Values{"merchant_no": {merchantNo}, "time_stamp": {stamp}, "data": {"{}"}, "sign": {sign.Request("{}", key, stamp)}}
	}
	for name, tt := range map[string]struct {
		override func(*client.Request)
		want     func(url.Values)
	}{
		"nothing":        {func(*client.Request) {}, func(url.Values) {}},
		"the signature":  {func(r *client.Request) { r.Sign = "no" }, func(v url.Values) { v.Set("sign", "no") }},
		"the stamp":      {func(r *client.Request) { r.TimeStamp = "1" }, func(v url.Values) { v.Set("time_stamp", "1"); v.Set("sign", sign.Request("{}", key, "1")) }},
		"the merchant":   {func(r *client.Request) { r.MerchantNo = "x" }, func(v url.Values) { v.Set("merchant_no", "x") }},
		"the key":        {func(r *client.Request) { r.Key = "k" }, func(v url.Values) { v.Set("sign", sign.Request("{}", "k", stamp)) }},
		"the data":       {func(r *client.Request) { r.RawData = "[" }, func(v url.Values) { v.Set("data", "["); v.Set("sign", sign.Request("[", key, stamp)) }},
		"a parameter":    {func(r *client.Request) { r.Params = map[string]string{"data": ""} }, func(v url.Values) { v.Set("data", "") }},
		"what is absent": {func(r *client.Request) { r.Omit = []string{"sign", "data"} }, func(v url.Values) { v.Del("sign"); v.Del("data") }},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(name+" "+method, func(t *testing.T) {
				c, got := platform(t, `{"code":0,"message":"ok"}`)
				want, r := honest(), client.Request{Endpoint: "carnum", Method: method}
				tt.override(&r)
				tt.want(want)
				_, err := c.Send(t.Context(), r)
				require.NoError(t, err)
				assert.Equal(t, want, got.Params)
				assert.Equal(t, method, got.Method)
			})
		}
	}
	t.Run("the version", func(t *testing.T) {
		c, got := platform(t, `{"code":1,"message":"失败"}`)
		answer, err := c.Send(t.Context(), client.Request{Endpoint: "carnum", Version: "9.9"})
		require.NoError(t, err)
		require.ErrorIs(t, answer.Err(), client.ErrFailed)
		assert.Equal(t, "/merchant/open/9.9/openapi/carnum", got.Path)
	})
}

func TestDo_handsBackTheEnvelope(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Mock-Request-Id", "r7")
		w.Header().Set("X-Mock-Reason", "timestamp-expired")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, `{"code":3,"message":"时间戳超时","data":null}`)
	}))
	defer server.Close()
	answer, err := client.New(server.URL, "M", "k").Do(t.Context(), "carnum", map[string]string{"token": "t"})
	require.NoError(t, err)
	assert.Equal(t, 3, answer.Code)
	assert.Equal(t, "时间戳超时", answer.Message)
	assert.Equal(t, http.StatusTeapot, answer.HTTPStatus)
	assert.Equal(t, "r7", answer.RequestID)
	assert.Equal(t, "timestamp-expired", answer.Reason)
	assert.Nil(t, answer.Data)
	assert.JSONEq(t, `{"code":3,"message":"时间戳超时","data":null}`, string(answer.Raw))
	assert.Equal(t, &client.Error{Endpoint: "carnum", Code: 3, Message: "时间戳超时", Reason: "timestamp-expired", RequestID: "r7"}, answer.Err())
}

func TestDo_knowsWhatIsNoEnvelope(t *testing.T) {
	for _, body := range []string{"", "<html>", "[]", "null", `{"message":"ok"}`, `{"code":"0"}`, `{"code":0`, `{"code":1.5}`} {
		c, _ := platform(t, body)
		answer, err := c.Do(t.Context(), "carnum", nil)
		require.ErrorIs(t, err, client.ErrNotEnvelope, body)
		assert.Equal(t, body, string(answer.Raw))
		assert.Equal(t, http.StatusOK, answer.HTTPStatus)
	}
	c, _ := platform(t, strings.Repeat(" ", 16<<20)+`{"code":0}`)
	_, err := c.Do(t.Context(), "carnum", nil)
	require.ErrorIs(t, err, client.ErrNotEnvelope)
}

func TestCalls_knowUnexpectedData(t *testing.T) {
	for _, body := range []string{`{"code":0}`, `{"code":0,"data":[]}`, `{"code":0,"data":{}}`, `{"code":0,"data":{"token":"","number":"x"}}`} {
		c, _ := platform(t, body)
		_, err := c.UserLogin(t.Context(), client.Login{})
		require.ErrorIs(t, err, client.ErrUnexpectedData, body)
		_, err = c.CarNum(t.Context(), "t")
		require.ErrorIs(t, err, client.ErrUnexpectedData, body)
	}
}

func TestDo_hidesTheTokenInNetworkErrors(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := client.New(server.URL, "M", "k").CarNum(t.Context(), "secret-token")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret-token")

	_, err = client.New("localhost:8787", "M", "k").CarNum(t.Context(), "t")
	require.ErrorContains(t, err, `etcp carnum: the base URL "localhost:8787": want http:// or https:// and a host`)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.New(server.URL, "M", "k").CarNum(ctx, "t")
	assert.ErrorIs(t, err, context.Canceled)
}

func TestParkings_goThroughAllPages(t *testing.T) {
	pages := map[string]string{"": `"1","2"`, "p2": `"3"`, "p3": ``}
	next := map[string]string{"": "p2", "p2": "p3", "p3": "p4"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ ScrollID, City string }
		assert.NoError(t, json.Unmarshal([]byte(r.PostFormValue("data")), &in))
		assert.Equal(t, "重庆市", in.City)
		var list []map[string]json.RawMessage
		for id := range strings.SplitSeq(pages[in.ScrollID], ",") {
			if id != "" {
				list = append(list, map[string]json.RawMessage{"id": json.RawMessage(id)})
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"code": 0, "data": map[string]any{"list": list, "scrollId": next[in.ScrollID]}})
	}))
	defer server.Close()
	var ids []client.ID
	for p, err := range client.New(server.URL, "M", "k").Parkings(t.Context(), client.ParkingQuery{City: "重庆市"}) {
		require.NoError(t, err)
		ids = append(ids, p.ID)
	}
	assert.Equal(t, []client.ID{"1", "2", "3"}, ids)

	c, _ := platform(t, `{"code":6,"message":"参数错误"}`)
	for _, err := range c.Parkings(t.Context(), client.ParkingQuery{}) {
		require.ErrorIs(t, err, client.ErrBadParameter)
	}
}
