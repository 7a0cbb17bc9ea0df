//go:build unix

package file

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// childDir makes this program a process that appends to a directory until it is killed.
const childDir = "LEDGER_CHILD_DIR"

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return d
}

func tick() <-chan time.Time { return time.After(time.Millisecond) }

// beChild appends numbered inputs to the sandbox default from several goroutines, with snapshots on the way, and prints
// each sequence number once it is durable.
func beChild(dir string) int {
	s, err := Open(dir, Options{Sync: DefaultSync, SegmentSize: 4096})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx := context.Background()
	var count uint64
	var log ledger.Log
	log, err = s.Take(ctx, "default", ledger.Restore{
		Snapshot: func(_ uint64, state []byte) error { count = binary.BigEndian.Uint64(state); return nil },
		Record:   func(uint64, []byte) error { count++; return nil },
	})
	if errors.Is(err, ledger.ErrUnknown) {
		log, err = s.Create(ctx, "default", []string{"M1"})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("ready", count)
	go claimOn(ctx, s, log)
	var mu sync.Mutex // of the sandbox
	for w := range 4 {
		go func() {
			for i := 0; ; i++ {
				mu.Lock()
				count++
				mine := count
				seq, err := log.Append(numbered(mine))
				mu.Unlock()
				if err == nil {
					err = log.Wait(ctx, seq)
				}
				if err == nil && seq != mine {
					err = fmt.Errorf("input %d is the %dth", seq, mine)
				}
				if err == nil && w == 0 && i%50 == 49 {
					err = log.Keep(ctx, mine, strings.NewReader(string(binary.BigEndian.AppendUint64(nil, mine))))
				}
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Println("durable", mine)
			}
		}()
	}
	select {}
}

// claimOn claims one number after another, each that was claimed before but M1 released first, and prints each that it has.
func claimOn(ctx context.Context, s *Store, log ledger.Log) {
	places, err := s.Places(ctx)
	for _, no := range places[0].Merchants {
		if err == nil && no != "M1" {
			err = log.Release(ctx, no)
		}
	}
	for i := 0; err == nil; i++ {
		if err = log.Claim(ctx, fmt.Sprint("N", i)); err == nil {
			fmt.Println("claimed", i)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func numbered(n uint64) []byte {
	return append(binary.BigEndian.AppendUint64(nil, n), strings.Repeat("x", int(n%300))...)
}

// However often a process is killed while it appends and compacts, what it had reported as durable is there.
func TestKilled_whileAppending(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	self, err := os.Executable()
	require.NoError(t, err)
	var durable uint64
	for round := range 8 {
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		require.True(t, lines.Scan(), "the process did not start")
		had, err := strconv.ParseUint(strings.TrimPrefix(lines.Text(), "ready "), 10, 64)
		require.NoError(t, err)
		require.GreaterOrEqual(t, had, durable)
		claimed, seen := 0, 0
		for lines.Scan() {
			if n, err := strconv.Atoi(strings.TrimPrefix(lines.Text(), "claimed ")); err == nil {
				claimed = n + 1
				continue
			}
			n, err := strconv.ParseUint(strings.TrimPrefix(lines.Text(), "durable "), 10, 64)
			if err != nil { // a line that was cut off
				continue
			}
			durable = max(durable, n)
			if seen++; seen == 300+77*round {
				require.NoError(t, cmd.Process.Kill())
			}
		}
		require.Error(t, cmd.Wait())

		s := open(t, dir, Options{})
		next := uint64(1)
		log, err := s.Take(t.Context(), "default", ledger.Restore{
			Snapshot: func(seq uint64, state []byte) error {
				require.Equal(t, seq, binary.BigEndian.Uint64(state))
				next = seq + 1
				return nil
			},
			Record: func(seq uint64, input []byte) error {
				require.Equal(t, next, seq)
				require.Equal(t, numbered(seq), input)
				next++
				return nil
			},
		})
		require.NoError(t, err)
		require.Greater(t, log.Next(), durable, "round %d", round)
		places, err := s.Places(t.Context())
		require.NoError(t, err)
		require.Subset(t, places[0].Merchants, []string{"M1"})
		for i := range claimed {
			require.Contains(t, places[0].Merchants, fmt.Sprint("N", i), "round %d", round)
		}
		require.NoError(t, s.Close())
	}
}

// On a disk that is full an append is refused, what was durable before stays, and appends go on once there is room.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=256k"); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skip("only root can mount a small disk")
		}
		require.NoError(t, err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	dir := filepath.Join(disk, "data")
	s := open(t, dir, Options{Sync: DefaultSync})
	log, err := s.Create(t.Context(), "default", nil)
	require.NoError(t, err)
	fill := filepath.Join(disk, "fill")

	for round := range 3 {
		durable := log.Durable()
		for os.WriteFile(fill, make([]byte, 120<<10), 0o600) != nil { // what was dropped is given back in the background
			<-tick()
		}
		var failed error
		for failed == nil {
			seq, err := log.Append(numbered(log.Next()))
			require.NoError(t, err)
			if failed = log.Wait(t.Context(), seq); failed == nil {
				durable = seq
			}
		}
		require.ErrorIs(t, failed, ledger.ErrUnavailable)
		require.ErrorIs(t, failed, syscall.ENOSPC)
		require.ErrorIs(t, log.Ready(), ledger.ErrUnavailable)
		_, err = log.Append([]byte("late"))
		require.ErrorIs(t, err, ledger.ErrUnavailable)
		require.ErrorIs(t, log.Claim(t.Context(), "M1"), ledger.ErrUnavailable)
		_, err = s.Create(t.Context(), "other", []string{"M2"}, make([]byte, 64<<10))
		require.ErrorIs(t, err, ledger.ErrUnavailable)

		log = retake(t, s, durable)
		require.ErrorIs(t, log.Keep(t.Context(), durable, strings.NewReader(strings.Repeat("x", 64<<10))), ledger.ErrUnavailable)
		require.NoError(t, os.Remove(fill))
		require.NoError(t, log.Claim(t.Context(), "M1"))
		seq, err := log.Append(numbered(log.Next()))
		require.NoError(t, err)
		require.NoError(t, log.Wait(t.Context(), seq), "round %d", round)
		require.NoError(t, log.Keep(t.Context(), seq, strings.NewReader("")))
	}
	places, err := s.Places(t.Context())
	require.NoError(t, err)
	require.Equal(t, []ledger.Place{{Sandbox: "default", Merchants: []string{"M1"}, Epoch: 4}}, places)
}

// retake takes the sandbox again and requires that exactly what was durable is there.
func retake(t *testing.T, s *Store, durable uint64) ledger.Log {
	t.Helper()
	last := uint64(0)
	log, err := s.Take(t.Context(), "default", ledger.Restore{
		Snapshot: func(seq uint64, _ []byte) error { last = seq; return nil },
		Record: func(seq uint64, input []byte) error {
			require.Equal(t, numbered(seq), input)
			last = seq
			return nil
		},
	})
	require.NoError(t, err)
	require.Equal(t, durable, last)
	require.Equal(t, durable+1, log.Next())
	return log
}
