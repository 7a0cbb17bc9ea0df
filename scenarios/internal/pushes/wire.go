package pushes

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/pushcheck"
)

// Differs is how what has come since the first so many pushes differs from a push that a log says was sent to a URL and answered so often: each
// of those attempts came, byte for byte, and as §10 wants it; wrong judges one. What went elsewhere does not come here.
func (r *Receiver) Differs(since int, to string, answered int, logged pushcheck.Sent, wrong func(pushcheck.Sent) error) error {
	if !strings.HasPrefix(to, strings.TrimRight(r.URL, "/")) {
		return nil
	}
	got, _ := r.Since(since)
	came := 0
	for _, g := range got {
		if string(g.Raw) != string(logged.Body) {
			continue
		}
		came++
		if g.Method != http.MethodPost {
			return fmt.Errorf("it came with %s; §10 wants POST", g.Method)
		}
		want, _, _ := mime.ParseMediaType(logged.ContentType)
		if media, _, err := mime.ParseMediaType(g.ContentType); err != nil || media != want {
			return fmt.Errorf("it came with Content-Type %q; want %s", g.ContentType, want)
		}
		if err := wrong(pushcheck.Sent{Method: g.Method, ContentType: g.ContentType, Body: g.Raw, MerchantNo: logged.MerchantNo}); err != nil {
			return err
		}
	}
	if came < answered {
		return fmt.Errorf("the log says that %d attempts were answered, and %d came with the body that it shows: every attempt sends the same bytes", answered, came)
	}
	return nil
}
