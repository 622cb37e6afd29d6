// Runs a target of the checkout as the first command on a fresh clone: installs from the lock file what is missing, then
// hands over to the Node that the project depends on. Plain JavaScript, so that any Node can read it.
'use strict';
var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..');
var modules = path.join(root, 'node_modules');
var stamp = path.join(modules, '.xpdb-stamp');
var lockHash = crypto
  .createHash('sha256')
  .update(fs.readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');

function isCurrent() {
  try {
    return fs.readFileSync(stamp, 'utf8') === lockHash;
  } catch (_) {
    return false;
  }
}

function install() {
  // Two commands at once: one installs, the other waits for it.
  var lock = path.join(root, '.install-lock');
  var started = Date.now();
  for (;;) {
    try {
      fs.closeSync(fs.openSync(lock, 'wx'));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      var age = 0;
      try {
        age = Date.now() - fs.statSync(lock).mtimeMs;
      } catch (_) {
        continue;
      }
      // A lock that old is left from an install that was killed.
      if (age > 10 * 60 * 1000) fs.unlinkSync(lock);
      childProcess.spawnSync(process.execPath, ['-e', 'setTimeout(function () {}, 300)']);
      if (isCurrent() || Date.now() - started > 15 * 60 * 1000) break;
    }
  }
  try {
    if (isCurrent()) return;
    process.stderr.write('installing what xpdb needs (once) ...\n');
    var npm = process.env.npm_execpath;
    var args = [
      'ci',
      '--include=dev',
      '--ignore-scripts=false',
      '--engine-strict=false',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
    ];
    var result = npm
      ? childProcess.spawnSync(process.env.npm_node_execpath || process.execPath, [npm].concat(args), {
          cwd: root,
          stdio: ['ignore', 2, 2],
        })
      : childProcess.spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
          cwd: root,
          stdio: ['ignore', 2, 2],
          shell: process.platform === 'win32',
        });
    if (result.status !== 0) {
      process.stderr.write('npm ci failed; see its messages above\n');
      process.exit(1);
    }
    fs.writeFileSync(stamp, lockHash);
  } finally {
    try {
      fs.unlinkSync(lock);
    } catch (_) {}
  }
}

function findNode() {
  var own = path.join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (fs.existsSync(own)) return own;
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 22 || (version[0] === 22 && version[1] >= 18)) return process.execPath;
  process.stderr.write(
    'no Node for this platform came with the package node, and Node ' + process.versions.node + ' is older than 22.18\n'
  );
  process.exit(1);
}

var targets = {
  demo: [[path.join(root, 'bin', 'xpdb.cjs'), 'demo']],
  test: [
    [path.join(modules, 'typescript', 'bin', 'tsc'), '--noEmit'],
    [path.join(modules, '@biomejs', 'biome', 'bin', 'biome'), 'check', '--diagnostic-level=error'],
    [path.join(modules, 'vitest', 'vitest.mjs'), 'run'],
  ],
  bench: [[path.join(root, 'bench', 'run.ts')]],
};
var target = targets[process.argv[2]];
if (!target) {
  process.stderr.write('targets: demo, test, bench\n');
  process.exit(2);
}
if (!isCurrent()) install();
var node = findNode();
var environment = Object.assign({}, process.env);
// Child processes find the same Node first.
environment.PATH = path.dirname(node) + path.delimiter + (process.env.PATH || '');
for (var i = 0; i < target.length; i++) {
  var last = i === target.length - 1;
  var result = childProcess.spawnSync(node, target[i].concat(last ? process.argv.slice(3) : []), {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  });
  if (result.status !== 0) process.exit(result.status === null ? 1 : result.status);
}
