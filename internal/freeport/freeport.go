// Package freeport finds addresses for tests that stop listening and listen again, or that want to know an address before anybody listens there.
package freeport

import (
	"errors"
	"net"
	"os"
	"strconv"
	"sync/atomic"
)

// The ports lie below those that a system gives to whoever asks for any, a connection that goes out among them (from 32768 on Linux, from 49152 elsewhere).
// One of those may be somebody else's as soon as nobody listens there.
const (
	lowest = 20_000
	ports  = 10_000
	apart  = 97 // between the first of one process and that of the next, so that tests of several packages do not meet
)

var asked atomic.Int64

// Address is an address of the loopback interface where nobody listens, another each time.
func Address() (string, error) {
	for range ports {
		port := lowest + (int64(os.Getpid())*apart+asked.Add(1))%ports
		address := net.JoinHostPort("127.0.0.1", strconv.FormatInt(port, 10))
		if listener, err := net.Listen("tcp", address); err == nil { //nolint:noctx // it does not wait
			return address, listener.Close()
		}
	}
	return "", errors.New("no port is free")
}
