package console_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

const (
	merchantNo  = "M1"
	merchantKey = servertest.Key
)

// smallFixture is a frozen instant with one merchant and two car parks.
const smallFixture = `{
	"clock": "2017-08-20 12:00:00", "seed": 7,
	"merchants": [{"no": "M1", "key": "key-of-M1-never-to-be-seen", "name": "渝停"}],
	"parkings": [
		{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551", "totalSpace": 40, "occupied": 9,
			"tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}},
		{"id": "2", "name": "解放碑地下停车场", "city": "重庆市", "lat": "29.559", "lon": "106.577", "totalSpace": 4, "occupied": 3}]}`

// served is a started server, spoken to as its users do.
type served struct {
	*servertest.Server

	tb testing.TB
}

func newServer(tb testing.TB, fixture string, opts ...mock.Option) *served {
	tb.Helper()
	w, _ := startAt(tb, "127.0.0.1:0", fixture, opts...)
	return w
}

// startAt starts a server at an address, and gives what ends it.
func startAt(tb testing.TB, addr, fixture string, opts ...mock.Option) (w *served, stop func()) {
	tb.Helper()
	s, stop := servertest.Start(tb, addr, append([]mock.Option{mock.WithFixture([]byte(fixture))}, opts...)...)
	return &served{s, tb}, stop
}

// seen is the same server at another address.
func (w *served) seen(at string) *served {
	return &served{&servertest.Server{URL: at, Mock: w.Mock, HTTP: w.HTTP}, w.tb}
}

// console opens a page of the console, such as "live".
func (w *served) console(page string, as look) *tab {
	w.tb.Helper()
	t := browser.open(w.tb, w.URL+"/console/#/"+page, as)
	t.wait(`document.querySelector('main h1')`)
	return t
}

// turnTo goes to another page of the console.
func (t *tab) turnTo(page string) {
	t.tb.Helper()
	t.goTo(page)
	t.wait(`document.querySelector('main h1')`)
	if loaded, known := signs[page]; known {
		t.wait(loaded)
	}
}

// goTo sets the address; the page of a stay is that of the first order there is.
func (t *tab) goTo(page string) {
	t.tb.Helper()
	hash, link := quoted("#/"+page), page
	if page == "stay" {
		hash = "'#/stay/' + (await (await fetch('../__admin/sandboxes/default/orders?limit=1&plateNumber=' + encodeURIComponent('渝ATX061'))).json()).items[0]?.orderId"
		link = "orders"
	}
	eval[bool](t, "(async () => { location.hash = "+hash+"; return true; })()")
	t.wait(`location.hash.startsWith('#/` + page + `') && document.querySelector('nav [data-page="` + link + `"]').getAttribute('aria-current') === 'page'`)
}

// signs say that a page has what it shows.
var signs = map[string]string{
	"live":      `document.querySelectorAll('.list .row').length > 8`,
	"orders":    `document.querySelector('table.orders tbody tr')`,
	"stay":      `document.querySelectorAll('.node').length > 1`,
	"city":      `document.querySelector('.bays')`,
	"time":      `document.querySelector('.big-clock').textContent.length > 8`,
	"faults":    `document.querySelector('.switch')`,
	"scenarios": `document.querySelector('.scenario-list li')`,
	"sandboxes": `document.querySelector('.rules tbody tr') && document.querySelector('.secret')`,
	"log":       `document.querySelectorAll('table.log tbody tr').length > 3`,
	"charts":    `document.querySelectorAll('.bars tbody tr').length > 3`,
}

// do calls the control API below the sandbox default.
func (w *served) do(method, path string, body any) map[string]any {
	w.tb.Helper()
	return w.Do(w.tb, method, path, body)
}

// call sends a signed request of M1 and gives the answer's code and data.
func (w *served) call(endpoint string, data map[string]any) (code int, out map[string]any) {
	w.tb.Helper()
	return w.Call(w.tb, endpoint, data)
}

// quote asks for the fee of a parked car.
func (w *served) quote(token, plate string) map[string]any {
	w.tb.Helper()
	w.call("orderunpay", map[string]any{"token": token, "plateNumber": plate})
	text, _ := w.items("/requests?endpoint=orderunpay&order=newest&limit=1")[0]["response"].(string)
	var answer struct{ Data []map[string]any }
	require.NoError(w.tb, json.Unmarshal([]byte(text), &answer))
	require.NotEmpty(w.tb, answer.Data, text)
	return answer.Data[0]
}

// merchant is where M1's pushes go.
type merchant struct {
	refuses atomic.Bool
	got     atomic.Int64
}

// listens lets M1 take its pushes.
func (w *served) listens() *merchant {
	w.tb.Helper()
	m := &merchant{}
	server := servertest.NewReceiver(w.tb, func(out http.ResponseWriter, r *http.Request) {
		m.got.Add(1)
		if m.refuses.Load() {
			_, _ = io.WriteString(out, `{"code":4,"message":"签名校验非法"}`)
			return
		}
		servertest.AnswerOK(out, r)
	})
	w.do(http.MethodPut, "/merchants/M1", map[string]any{"key": merchantKey, "name": "渝停", "push": map[string]any{"url": server.URL + "/etcp"}})
	return m
}

// lives lets a little happen, so that every page has something to show.
func (w *served) lives() *merchant {
	w.tb.Helper()
	m := w.listens()
	token := w.Bind(w.tb, "13800000001", "渝ATX061")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝D88888", "plateColor": "3", "parkingId": "1"})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "川AD12345", "parkingId": "2"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "95m"})
	w.call("orderunpay", map[string]any{"token": token, "plateNumber": "渝ATX061"})
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	w.call("surroundingparking", map[string]any{"city": "重庆市"})
	w.call("bindcar", map[string]any{"token": "not-a-token", "plateNumber": "渝ATX061"})
	w.call("bindcar", map[string]any{"token": token, "plateNumber": "渝 atx062"})
	w.call("userlogin", map[string]any{"mobilePhone": "13800000001", "code": "000000", "appId": "ETCP"})
	w.SendText(w.tb, "carnum", `{"token":"`+token+`"}`, "A3DE1813F4DDBADFC18555E18A2E579D")
	w.do(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝D88888", "plateColor": "3"})
	m.refuses.Store(true)
	w.do(http.MethodPost, "/pushes", map[string]any{"merchantNo": merchantNo, "kind": "exit", "fields": map[string]any{"plateNumber": "渝A12345"}})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	m.refuses.Store(false)
	return m
}

// cityFixture is the fixture of the screenshots: a day in Chongqing.
const cityFixture = `{
	"clock": "2017-08-20 09:00:00", "seed": 7,
	"merchants": [{"no": "M1", "key": "key-of-M1-never-to-be-seen", "name": "渝停"}],
	"parkings": [
		{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563010", "lon": "106.551557", "totalSpace": 114, "occupied": 31, "tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}},
		{"id": "2", "name": "解放碑地下停车场", "city": "重庆市", "lat": "29.559434", "lon": "106.577015", "parkingType": "7", "totalSpace": 320, "occupied": 250, "tariff": {"freeMinutes": 30, "unitMinutes": 30, "unitPrice": "4", "dailyCap": "80"}},
		{"id": "3", "name": "观音桥停车楼", "city": "重庆市", "lat": "29.575320", "lon": "106.533620", "parkingType": "146", "totalSpace": 200, "occupied": 185},
		{"id": "4", "name": "洪崖洞路边停车场", "city": "重庆市", "lat": "29.567080", "lon": "106.582300", "electronicPayment": false, "totalSpace": 12, "occupied": 12},
		{"id": "5", "name": "南坪万达停车场", "city": "重庆市", "lat": "29.532000", "lon": "106.569000", "totalSpace": 640, "occupied": 220},
		{"id": "6", "name": "重庆北站南广场", "city": "重庆市", "lat": "29.610000", "lon": "106.556000", "totalSpace": 900, "occupied": 640},
		{"id": "7", "name": "磁器口停车场", "city": "重庆市", "lat": "29.581000", "lon": "106.452000", "totalSpace": 80, "occupied": 71}]}`

// bustles fills the city with cars that have come at different times.
func (w *served) bustles() {
	w.tb.Helper()
	for i, plate := range []string{"渝A8K216", "渝BD30911", "川A77Q02", "渝D60F18", "京AD12345", "渝A3M557", "渝C91820", "贵C20Z66", "渝AF08817", "渝B5T930"} {
		color := []string{"1", "1", "1", "3", "1", "2", "1", "1", "1", "4"}[i]
		w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "plateColor": color, "parkingId": []string{"1", "1", "2", "1", "5"}[i%5]})
		w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "17m"})
	}
	w.do(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "川A77Q02"})
}

// behind is the same server behind a proxy that may wait before a call, and that answers paths of its own.
func (w *served) behind(wait func(*http.Request), answers map[string]string) *served {
	w.tb.Helper()
	return w.through(func(out http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		if wait != nil {
			wait(r)
		}
		for path, body := range answers {
			if strings.HasSuffix(r.URL.Path, path) {
				out.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(out, body)
				return
			}
		}
		pass(out, r)
	})
}

// through is the same server behind a proxy, whose handler passes on what it does not answer itself.
func (w *served) through(handle func(out http.ResponseWriter, r *http.Request, pass http.HandlerFunc)) *served {
	w.tb.Helper()
	target, err := url.Parse(w.URL)
	require.NoError(w.tb, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {} // a page that has gone
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		handle(out, r, func(out http.ResponseWriter, r *http.Request) {
			r.Host = target.Host
			if r.Header.Get("Origin") != "" {
				r.Header.Set("Origin", w.URL)
			}
			proxy.ServeHTTP(out, r)
		})
	}))
	w.tb.Cleanup(server.Close)
	return w.seen(server.URL)
}

// withRows is the same server with a journal of so many requests, all like the newest there is: making them takes a while.
func (w *served) withRows(n int) *served {
	w.tb.Helper()
	one := w.items("/requests?order=newest&limit=1")[0]
	return w.through(func(out http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		if !strings.HasSuffix(r.URL.Path, "/requests") {
			pass(out, r)
			return
		}
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		from := n
		if after, known := strings.CutPrefix(r.URL.Query().Get("after"), "r"); known {
			from, _ = strconv.Atoi(after)
			from--
		}
		var page struct {
			Items []map[string]any `json:"items"`
			Next  string           `json:"next,omitempty"`
		}
		for id := from; id > max(0, from-limit); id-- {
			row := maps.Clone(one)
			row["id"] = "r" + strconv.Itoa(id)
			page.Items, page.Next = append(page.Items, row), "r"+strconv.Itoa(id)
		}
		if from <= limit {
			page.Next = ""
		}
		out.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(out).Encode(page)
	})
}

func (w *served) items(path string) []map[string]any {
	w.tb.Helper()
	list, _ := w.do(http.MethodGet, path, nil)["items"].([]any)
	items := make([]map[string]any, len(list))
	for i := range list {
		items[i], _ = list[i].(map[string]any)
	}
	return items
}
