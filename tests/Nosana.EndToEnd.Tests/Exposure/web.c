/* A web server for a container of the tests, without any library: a page that talks over a WebSocket, an echo, an event stream with a silence in it.
   web PORT; a process for each connection. Any other path than the ones below answers with the target as it came. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static uint32_t rol(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

/* SHA-1 of less than 120 bytes. */
static void sha1(const char *text, unsigned char *out) {
    unsigned char data[128] = {0};
    size_t length = strlen(text), blocks = length + 9 <= 64 ? 1 : 2;
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    memcpy(data, text, length);
    data[length] = 0x80;
    for (int i = 0; i < 8; i++) data[blocks * 64 - 1 - i] = (uint64_t)length * 8 >> 8 * i;
    for (size_t block = 0; block < blocks; block++) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 16; i++) {
            const unsigned char *p = data + block * 64 + i * 4;
            w[i] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t t = rol(a, 5) + f + e + k + w[i];
            e = d; d = c; c = rol(b, 30); b = a; a = t;
        }
        h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
    }
    for (int i = 0; i < 20; i++) out[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

static void base64(const unsigned char *in, char *out) {
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 20; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | in[i + 1] << 8 | (i + 2 < 20 ? in[i + 2] : 0);
        *out++ = letters[v >> 18]; *out++ = letters[v >> 12 & 63]; *out++ = letters[v >> 6 & 63]; *out++ = i + 2 < 20 ? letters[v & 63] : '=';
    }
    *out = 0;
}

static int read_all(int s, void *to, size_t length) {
    for (size_t got = 0; got < length;) {
        ssize_t n = read(s, (char *)to + got, length - got);
        if (n <= 0) return 0;
        got += n;
    }
    return 1;
}

static void say(int s, const char *text) {
    size_t length = strlen(text);
    if (write(s, text, length) != (ssize_t)length) exit(0);
}

static void echo(int s, const char *key) {
    char accept[64], text[200];
    unsigned char digest[20], head[2], mask[4], body[126];
    snprintf(text, sizeof text, "%.60s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    sha1(text, digest);
    base64(digest, accept);
    snprintf(text, sizeof text, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    say(s, text);
    while (read_all(s, head, 2)) {
        size_t length = head[1] & 127;
        if (length > 125 || !read_all(s, mask, 4) || !read_all(s, body, length)) return;
        for (size_t i = 0; i < length; i++) body[i] ^= mask[i % 4];
        unsigned char answer[2] = {head[0], length};
        if (write(s, answer, 2) != 2 || write(s, body, length) != (ssize_t)length) return;
        if ((head[0] & 15) == 8) return;
    }
}

/* The image never comes, and holds the page's load until the socket has had its time. */
static const char *page =
    "<!doctype html><title>stand-in</title><p id=a>waiting</p><img src=/events/2><script>"
    "const s=new WebSocket('ws://'+location.host+'/ws');s.onopen=()=>s.send('hello');"
    "s.onmessage=e=>{document.getElementById('a').textContent='echo '+e.data+' at '+location.host};"
    "s.onerror=()=>{document.getElementById('a').textContent='failed'};</script>";

static void serve(int s, const char *state) {
    char head[16384] = "", target[8192] = "", key[128] = "", answer[9000];
    size_t length = 0;
    while (!strstr(head, "\r\n\r\n")) {
        ssize_t n = read(s, head + length, sizeof head - 1 - length);
        if (n <= 0) return;
        head[length += n] = 0;
    }
    sscanf(head, "%*s %8191s", target);
    for (char *line = head; (line = strstr(line, "\r\n")); )
        if (!strncasecmp(line += 2, "Sec-WebSocket-Key:", 18)) sscanf(line + 18, " %127[^\r]", key);
    if (!strcmp(target, "/ws") && key[0]) { echo(s, key); return; }
    if (!strncmp(target, "/events/", 8)) {
        say(s, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: first\n\n");
        sleep(atoi(target + 8));
        say(s, "data: second\n\n");
        return;
    }
    if (!strcmp(target, "/break")) close(creat(state, 0600));
    if (!strcmp(target, "/live") && !access(state, F_OK)) { say(s, "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"); return; }
    const char *body = strcmp(target, "/") ? target : page;
    snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
    say(s, answer);
}

int main(int count, char **words) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(count > 1 ? words[1] : "8080"))};
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    /* Broken until the next start. */
    unlink("/tmp/broken");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) { perror("web"); return 1; }
    printf("serving\n");
    fflush(stdout);
    for (;;) {
        int s = accept(listener, 0, 0);
        if (s < 0) continue;
        if (!fork()) { close(listener); serve(s, "/tmp/broken"); exit(0); }
        close(s);
    }
}
