package engine

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
)

// rude opens a connection to a server without the client's manners.
func rude(t *testing.T, c *client.Client) net.Conn {
	t.Helper()
	folder, err := client.PrivateFolder(c.Place().Socket[:strings.LastIndex(c.Place().Socket, "/")])
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	conn, err := net.Dial("unix", client.Address(folder, c.Place().Socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// Who begins a request and says no more is not waited for.
func TestSilentConnectionsEnd(t *testing.T) {
	old := silence
	silence = 200 * time.Millisecond
	t.Cleanup(func() { silence = old })
	c, _ := serve(t, fakeEngine(t, t.TempDir(), 1, newFakeLab()), time.Minute)
	for name, begun := range map[string]string{
		"nothing":       "",
		"half a head":   "POST /v1/run HTTP/1.1\r\nHost: e",
		"half a body":   "POST /v1/run HTTP/1.1\r\nHost: e\r\nContent-Length: 100\r\n\r\n{",
		"after answers": "GET /v1/status HTTP/1.1\r\nHost: e\r\n\r\n",
	} {
		conn := rude(t, c)
		io.WriteString(conn, begun)
		conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run longer than the time for a request goes on.
func TestSilenceOfAListenerIsNoFault(t *testing.T) {
	old := silence
	silence = 100 * time.Millisecond
	t.Cleanup(func() { silence = old })
	l := newFakeLab()
	l.before = func(ctx context.Context, kind string, seed, epoch int) error {
		if kind == "train/1" && epoch == 1 {
			time.Sleep(400 * time.Millisecond)
		}
		return ctx.Err()
	}
	c, _ := serve(t, fakeEngine(t, t.TempDir(), 2, l), time.Minute)
	if _, err := c.Run(context.Background(), 1, twoSeeds, nil); err != nil {
		t.Error(err)
	}
}

// What is no request is the client's fault, and costs the others nothing.
func TestRequestsThatAreNone(t *testing.T) {
	c, _ := serve(t, fakeEngine(t, t.TempDir(), 1, newFakeLab()), time.Minute)
	head := "POST /v1/run HTTP/1.1\r\nHost: e\r\n"
	for name, text := range map[string]string{
		"bad chunks":  head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
		"no JSON":     head + "Content-Length: 1\r\n\r\nx",
		"too long":    head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", 2<<20, strings.Repeat(" ", 2<<20)),
		"no chapter":  head + "Content-Length: 2\r\n\r\n{}",
		"another way": "GET /v1/run HTTP/1.1\r\nHost: e\r\n\r\n",
	} {
		conn := rude(t, c)
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		go io.WriteString(conn, text)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode/100 != 4 {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}

// A grace beyond all time is a long one.
func TestLongestGrace(t *testing.T) {
	l := newFakeLab()
	entered, letGo := make(chan struct{}), make(chan struct{})
	var once sync.Once
	l.before = func(ctx context.Context, _ string, _, _ int) error {
		once.Do(func() { close(entered) })
		select {
		case <-letGo:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	c, _ := serve(t, fakeEngine(t, t.TempDir(), 1, l), time.Minute)
	ended := make(chan error, 1)
	go func() { _, err := c.Run(context.Background(), 1, twoSeeds, nil); ended <- err }()
	<-entered
	if err := c.Stop(context.Background(), math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Place().Socket); !os.IsNotExist(err) {
		t.Error("the place is not free")
	}
	time.Sleep(300 * time.Millisecond)
	close(letGo)
	if err := <-ended; err != nil {
		t.Errorf("its run: %v", err)
	}
}
