// Command webhook receives the platform's pushes (§10). It passes every check of contract webhook.
//
// Run it with: ETCP_MOCK_MERCHANT_NO=demo ETCP_MOCK_MERCHANT_KEY=demo-key go run . 9000
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
)

// store keeps each push once: the same one comes again where an answer was lost.
type store struct{ seen sync.Map } // a table with a unique key, in a real system

func (s *store) once(kind, id, plate string) error {
	if _, known := s.seen.LoadOrStore(kind+" "+id, true); !known {
		fmt.Println(kind, plate)
	}
	return nil // an error would have the push sent again
}

func main() {
	var s store
	h := &client.PushHandler{
		MerchantNo: os.Getenv("ETCP_MOCK_MERCHANT_NO"), Key: os.Getenv("ETCP_MOCK_MERCHANT_KEY"),
		OnEntry: func(_ context.Context, p client.EntryPush) error {
			return s.once("entry", strings.ToLower(p.SynID), p.PlateNumber)
		},
		OnExit: func(_ context.Context, p client.ExitPush) error {
			return s.once("exit", strings.ToLower(p.SynID), p.PlateNumber)
		},
		OnUnbind: func(_ context.Context, p client.UnbindPush) error {
			return s.once("unbind", p.PlateNumber+" "+p.Time.String(), p.PlateNumber)
		},
		OnCertificationInvalid: func(_ context.Context, p client.CertificationInvalidPush) error {
			return s.once("certification-invalid", p.PlateNumber+" "+p.Time.String(), p.PlateNumber)
		},
	}
	mux := http.NewServeMux()
	mux.Handle("/etcp", h)
	mux.Handle("/etcp/unbind", h.ForKind(client.KindUnbind))
	mux.Handle("/etcp/certification-invalid", h.ForKind(client.KindCertificationInvalid))

	port := "0"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s/etcp\n", listener.Addr())
	log.Fatal((&http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}).Serve(listener))
}
