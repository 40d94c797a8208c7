"""DQN on CartPole-v1 as CleanRL writes it, or by Stable-Baselines3: steps a second, as a line of JSON.

peer.py cleanrl|sb3 STEPS SEED
"""
import json
import random
import sys
import time

import gymnasium as gym
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WARM_UP, BATCH, CAPACITY, EVERY, COPY = 10_000, 128, 10_000, 10, 500
RATE, GAMMA, LAST_EPSILON, EXPLORATION = 2.5e-4, 0.99, 0.05, 0.5


class QNetwork(nn.Module):
    def __init__(self, inputs, actions):
        super().__init__()
        self.network = nn.Sequential(
            nn.Linear(inputs, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, actions)
        )

    def forward(self, x):
        return self.network(x)


class Replay:
    """A ring buffer of arrays, sampled uniformly."""

    def __init__(self, inputs):
        self.seen = np.zeros((CAPACITY, inputs), np.float32)
        self.then = np.zeros((CAPACITY, inputs), np.float32)
        self.actions = np.zeros((CAPACITY, 1), np.int64)
        self.rewards = np.zeros(CAPACITY, np.float32)
        self.dones = np.zeros(CAPACITY, np.float32)
        self.pushed = 0

    def add(self, seen, then, action, reward, done):
        at = self.pushed % CAPACITY
        self.seen[at], self.then[at], self.actions[at, 0] = seen, then, action
        self.rewards[at], self.dones[at] = reward, done
        self.pushed += 1

    def sample(self):
        at = np.random.randint(0, min(self.pushed, CAPACITY), size=BATCH)
        arrays = self.seen[at], self.actions[at], self.then[at], self.rewards[at], self.dones[at]
        return [torch.from_numpy(array) for array in arrays]


def cleanrl(steps, seed):
    """The loop of CleanRL's dqn.py: a vector of one environment, mean squared error, Adam."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    make = lambda: gym.wrappers.RecordEpisodeStatistics(gym.make("CartPole-v1"))
    envs = gym.vector.SyncVectorEnv([make], autoreset_mode=gym.vector.AutoresetMode.SAME_STEP)
    actions = envs.single_action_space.n
    inputs = int(np.prod(envs.single_observation_space.shape))
    online, target = QNetwork(inputs, actions), QNetwork(inputs, actions)
    target.load_state_dict(online.state_dict())
    adam, replay = torch.optim.Adam(online.parameters(), lr=RATE), Replay(inputs)
    obs, _ = envs.reset(seed=seed)
    began = time.perf_counter()
    for step in range(steps):
        if step == WARM_UP:
            began = time.perf_counter()
        epsilon = max(1 + (LAST_EPSILON - 1) * step / (EXPLORATION * steps), LAST_EPSILON)
        if random.random() < epsilon:
            chosen = np.array([envs.single_action_space.sample()])
        else:
            chosen = torch.argmax(online(torch.Tensor(obs)), dim=1).numpy()
        after, rewards, terminations, truncations, infos = envs.step(chosen)
        then = infos["final_obs"][0] if truncations[0] or terminations[0] else after[0]
        replay.add(obs[0], then, chosen[0], rewards[0], terminations[0])
        obs = after
        if step > WARM_UP:
            if step % EVERY == 0:
                seen, done_actions, nexts, gains, dones = replay.sample()
                with torch.no_grad():
                    best, _ = target(nexts).max(dim=1)
                    goal = gains + GAMMA * best * (1 - dones)
                value = online(seen).gather(1, done_actions).squeeze()
                loss = F.mse_loss(goal, value)
                adam.zero_grad()
                loss.backward()
                adam.step()
            if step % COPY == 0:
                for to, of in zip(target.parameters(), online.parameters()):
                    to.data.copy_(of.data)
    return (steps - WARM_UP) / (time.perf_counter() - began)


def sb3(steps, seed):
    """Stable-Baselines3 with the same settings."""
    from stable_baselines3 import DQN
    from stable_baselines3.common.callbacks import BaseCallback

    class Clock(BaseCallback):
        began = None

        def _on_step(self):
            if self.num_timesteps == WARM_UP:
                self.began = time.perf_counter()
            return True

    model = DQN(
        "MlpPolicy", "CartPole-v1", policy_kwargs={"net_arch": [120, 84]}, learning_rate=RATE, buffer_size=CAPACITY,
        learning_starts=WARM_UP, batch_size=BATCH, gamma=GAMMA, train_freq=EVERY, gradient_steps=1,
        target_update_interval=COPY, exploration_fraction=EXPLORATION, exploration_final_eps=LAST_EPSILON, seed=seed,
        device="cpu",
    )
    clock = Clock()
    model.learn(total_timesteps=steps, callback=clock)
    return (steps - WARM_UP) / (time.perf_counter() - clock.began)


def main():
    torch.set_num_threads(1)
    name, steps, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rate = {"cleanrl": cleanrl, "sb3": sb3}[name](steps, seed)
    print(json.dumps({"name": name, "steps": steps, "steps_per_second": rate}))


if __name__ == "__main__":
    main()
