package reliability_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
)

const sessionFixture = `{"clock":"2017-08-20 12:00:00","seed":7,
	"merchants":[{"no":"demo","key":"demo-key","push":{"url":"http://127.0.0.1:1/"}}],
	"parkings":[{"id":"1","name":"P","city":"重庆市","lat":"29.5","lon":"106.5","totalSpace":50}],
	"faults":[{"on":{"endpoint":"carnum"},"probability":0.3,"do":{"code":2}}]}`

// session is a seeded session of a merchant, a driver and the clock, and a digest of every byte that came of it.
func session(steps int) (string, error) {
	wall := time.Date(2017, 8, 20, 4, 0, 0, 0, time.UTC)
	server, err := mock.New(mock.WithFixture([]byte(sessionFixture)), mock.WithClock(func() time.Time { return wall }))
	if err != nil {
		return "", err
	}
	defer func() { _ = server.Close(context.Background()) }()
	chance := rand.New(rand.NewPCG(1, 2))
	digest := sha256.New()
	tokens := []string{"none"}
	serve := func(r *http.Request) string {
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		fmt.Fprintf(digest, "%d %s %s\n", w.Code, w.Header().Get("X-Mock-Reason"), w.Body)
		return w.Body.String()
	}
	pick := func(all ...string) string { return all[chance.IntN(len(all))] }
	for range steps {
		phone := fmt.Sprintf("1380000000%d", chance.IntN(5))
		plate := fmt.Sprintf("渝A0000%d", chance.IntN(6))
		token := tokens[chance.IntN(len(tokens))]
		switch chance.IntN(10) {
		case 0, 1:
			admin(serve, "/cars/"+pick("enter", "exit"), `{"plateNumber":"`+plate+`"`+pick(`,"parkingId":"1"}`, `}`))
		case 2:
			admin(serve, "/clock/advance", `{"by":"`+pick("40s", "17m", "3h", "2d")+`"}`)
		case 3:
			var got struct{ Data struct{ Token string } }
			if json.Unmarshal([]byte(platform(serve, wall, "usersigin", `{"mobilePhone":"`+phone+`","appId":"A"}`)), &got) == nil && got.Data.Token != "" {
				tokens = append(tokens, got.Data.Token)
			}
		default:
			platform(serve, wall, pick("bindcar", "unbindcar", "orderunpay", "orderhistory", "carnum", "uservalidatecode"),
				`{"token":"`+token+`","plateNumber":"`+plate+`","mobilePhone":"`+phone+`"}`)
		}
	}
	var state struct{ Platform json.RawMessage }
	r := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/default/state", http.NoBody)
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	server.Handler().ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &state); err != nil {
		return "", err
	}
	if len(state.Platform) == 0 {
		return "", errors.New("the state's document has no platform")
	}
	digest.Write(state.Platform)
	return hex.EncodeToString(digest.Sum(nil)), nil
}

func admin(serve func(*http.Request) string, path, body string) {
	r := httptest.NewRequest(http.MethodPost, "/__admin/sandboxes/default"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	serve(r)
}

func platform(serve func(*http.Request) string, at time.Time, endpoint, data string) string {
	row, _ := schemas.Lookup(endpoint)
	body := formAt(at, data)
	r := httptest.NewRequest(row.Method, schemas.PathPrefix+endpoint, strings.NewReader(body))
	if row.Method == http.MethodGet {
		r = httptest.NewRequest(row.Method, schemas.PathPrefix+endpoint+"?"+body, http.NoBody)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return serve(r)
}

func beSession() int {
	digest, err := session(3_000)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(digest)
	return 0
}

// The same fixture, seed and commands give the same bytes, in other processes, on one processor and on two.
func TestSameBytes_acrossProcesses(t *testing.T) {
	want, err := session(3_000)
	require.NoError(t, err)
	for _, processors := range []string{"1", "2"} {
		require.Equal(t, want, start(t, "session", "GOMAXPROCS="+processors).line, "GOMAXPROCS=%s", processors)
	}
}
